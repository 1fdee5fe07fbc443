import { attributeKey, attributeTerm, replaceTerm, toggleTerm } from '../../page/query/terms.ts'
import type { LogRow } from '../../src/model/rows.ts'
import { createDecodeContext } from '../../src/otlp/decode-context.ts'
import { readOtlpJson } from '../../src/otlp/read-json.ts'
import { compileQuery } from '../../src/query/compile-query.ts'
import { KEYS } from '../../src/query/keys.ts'
import { parseQuery, quoteValue } from '../../src/query/parse-query.ts'
import { QueryError } from '../../src/query/query-error.ts'
import { spanId, storeOf, type TestSpan, traceId } from '../spans.ts'

const SPANS: TestSpan[] = [
  {
    trace: 1,
    id: 1,
    service: 'gateway',
    name: 'POST /orders',
    kind: 'server',
    took: 300,
    attributes: {
      'tenant.id': 'acme',
      'http.route': '/orders/:id',
      'http.response.status_code': 500,
    },
    error: 'payment refused',
    events: [{ name: 'exception', at: 5, attributes: { 'exception.message': 'Card declined' } }],
  },
  {
    trace: 1,
    id: 2,
    parent: 1,
    service: 'orders',
    name: 'SELECT items',
    kind: 'client',
    at: 10,
    took: 20,
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT * FROM "Items"' },
  },
  {
    trace: 2,
    id: 1,
    service: 'gateway',
    name: 'GET /health',
    kind: 'server',
    took: 1.5,
    attributes: { 'tenant.id': 'globex', 'http.response.status_code': 200, retries: 10 },
  },
  { trace: 3, id: 7, parent: 6, service: 'mailer', name: 'send "mail"', took: 50 },
  {
    trace: 0xabcdef,
    id: 0xfade,
    service: 'cart',
    name: 'GET /cart',
    took: 86_400_000,
    attributes: { 'http.route': '/cart', Status: 'paid', 'two words': 'yes', flag: '-v' },
    events: [{ name: 'cache.miss', at: 1 }],
  },
]
const CART = 0xabcdef
const PARENT = `00-${traceId(CART)}-${spanId(0xbeef)}-01`

describe('The query language', () => {
  const store = storeOf(SPANS)
  const find = (query: string): number[] => {
    const compiled = compileQuery(query)
    return [...store.traces.values()]
      .filter((record) => compiled.trace(record))
      .map(({ id }) => Number.parseInt(id, 16))
      .sort((a, b) => a - b)
  }

  it.each<[string, number[]]>([
    ['', [1, 2, 3, CART]],
    ['service:gate', [1, 2]],
    ['service=gate', []],
    ['service:orders', [1]],
    ['status:error', [1]],
    ['status:500', [1]],
    ['status>=500', [1]],
    ['status!=error', [1, 2, 3, CART]],
    ['!status:error', [2, 3, CART]],
    ['kind:server', [1, 2]],
    ['dur>200ms', [1, CART]],
    ['dur>=1500us dur<2ms', [2]],
    ['dur<=1.5', [2]],
    ['tenant.id=acme', [1]],
    ['tenant=acme', [1]],
    ['tenant.id!=acme', [2]],
    ['tenant.id=*', [1, 2]],
    ['has:retries', [2]],
    ['retries>9', [2]],
    ['retries>10', []],
    ['http.route~^/orders/', [1]],
    ['http.route~/ORDERS/', [1]],
    ['name:health', [2]],
    ['!name:health', [1, 3, CART]],
    ['"send \\"mail\\""', [3]],
    ['name="SELECT items"', [1]],
    ['DECLINED', [1]],
    ['"from \\"items\\""', [1]],
    ['exception.message:card', [1]],
    ['sql:items', [1]],
    ['db=postgresql', [1]],
    ['is:db', [1]],
    ['is:root', [1, 2, CART]],
    ['is:orphan', [3]],
    ['is:incomplete', [3]],
    ['trace.incomplete=false', [1, 2, CART]],
    ['trace.spans>1', [1]],
    ['trace.services=2', [1]],
    ['trace.dur>=300ms', [1, CART]],
    ['self>275ms self<285ms', [1]],
    ['root.service=mailer', [3]],
    [`trace:${traceId(2)}`, [2]],
    ['service.name=mailer', [3]],
    ['level>=warn', []],
    ['toString:x', []],
    ['http.route~/cart/', [CART]],
    ['http.route~/art$/', [CART]],
    ['http.route~"/c a|art/"', [CART]],
    ['http.route~/cart', [CART]],
    ['http.route~cart/', []],
    ['http.route~//cart//', []],
    [traceId(CART), [CART]],
    [traceId(CART).toUpperCase(), [CART]],
    [`"${traceId(CART)}"`, [CART]],
    [`trace=${traceId(CART).toUpperCase()}`, [CART]],
    [`service:cart ${traceId(CART)}`, [CART]],
    [`service:mailer ${traceId(CART)}`, []],
    [`!${traceId(CART)}`, [1, 2, 3]],
    [spanId(0xfade), [CART]],
    [`"${spanId(0xfade).toUpperCase()}"`, [CART]],
    [spanId(CART), [CART]],
    [PARENT, [CART]],
    [PARENT.toUpperCase(), [CART]],
    [`"${PARENT}"`, [CART]],
    [traceId(0xdead), []],
    ['event:miss', [CART]],
    ['event=exception', [1]],
    ['event=*', [1, CART]],
    ['!event=*', [2, 3]],
    ['"Status"=paid', [CART]],
    ['"two words"=yes', [CART]],
    ['!"two words"=yes', [1, 2, 3]],
    ['"service"=cart', []],
    ['dur>23h59m', [CART]],
    ['dur>="24 h 0 m"', [CART]],
    ['dur>24h1ns', []],
    ['dur>1e3', [CART]],
    ['dur>1.89e+4ms', [CART]],
    ['dur=86400s', [CART]],
    ['"-v"', [CART]],
    ['"OR"', [1]],
    ['or', [1]],
    ['nothing.like.it=1', []],
  ])('finds the traces of %j', (query, expected) => {
    expect(find(query)).toEqual(expected)
  })

  it('finds a text among spans alike, wherever the others repeat a value', () => {
    const alike = (trace: number, value: string): TestSpan => ({
      trace,
      id: 1,
      service: 'gateway',
      name: 'GET /',
      took: 1,
      attributes: { note: value },
    })
    const records = [
      ...storeOf([alike(1, 'plain'), alike(2, 'ada'), alike(3, 'plain'), alike(4, 'ada')]).traces,
    ]
    const { trace } = compileQuery('"ADA"')
    expect(records.map(([, record]) => trace(record))).toEqual([false, true, false, true])
  })

  it('asks all terms of one span', () => {
    expect(find('service:orders status:error')).toEqual([])
    expect(find('service:gateway status:error')).toEqual([1])
  })

  it('lets different spans satisfy the parts of a query', () => {
    expect(find('service:orders && status:error')).toEqual([1])
    expect(find('sql:items && status:500 tenant=acme')).toEqual([1])
    expect(find('sql:items && status:500 tenant=globex')).toEqual([])
    expect(find('service:gateway && !sql:items')).toEqual([2])
    expect(find('trace.spans>1 && service:gateway && service:orders')).toEqual([1])
    expect(find('"&&"')).toEqual([])
  })

  it('asks a single span for one of the parts', () => {
    const { span } = compileQuery('service:orders name:items && status:error !kind:server')
    const spans = [...store.traces.values()].flatMap((record) =>
      record.spans.filter((each) => span(each, record)),
    )
    expect(spans.map(({ name }) => name)).toEqual(['SELECT items'])
  })

  it('writes the query in which each term may be of another span', () => {
    const apart = (query: string): string | undefined => compileQuery(query).apart
    expect(apart('service:gateway  sql:"stock level" !name:x trace.spans>1')).toBe(
      '!name:x trace.spans>1 service:gateway && sql:"stock level"',
    )
    expect(apart('a b && c')).toBe('a && b && c')
    for (const query of ['', 'a', 'a && b', 'a !b', 'a trace.spans>1']) {
      expect(apart(query)).toBeUndefined()
    }
  })

  it('keeps the parts apart when the page adds and takes terms', () => {
    expect(toggleTerm('a && b', 'tenant=acme')).toBe('a && b && tenant=acme')
    expect(toggleTerm('a && b && tenant=acme', 'tenant=acme')).toBe('a && b')
    expect(toggleTerm('a && b', 'a')).toBe('b')
    expect(toggleTerm('a', 'b')).toBe('a b')
    expect(replaceTerm('user=ada x && b', 'user', 'user=bob')).toBe('x && b && user=bob')
    expect(replaceTerm('user=ada && b', 'user', '')).toBe('b')
  })

  it.each<[string, number, number, RegExp]>([
    ['&& a', 0, 2, /both sides of "&&"/],
    ['a &&', 2, 2, /both sides of "&&"/],
    ['a && && b', 5, 2, /both sides of "&&"/],
    ['a || b', 2, 2, /OR is not supported/],
    ['service:', 0, 8, /value must follow "service:"/],
    ['"two words"=', 0, 12, /value must follow ""two words"="/],
    ['a "open', 2, 5, /closing quote is missing/],
    ['status:error dur>fast', 17, 4, /not a duration/],
    ['dur>1h30', 4, 4, /not a duration/],
    ['dur>5e', 4, 2, /not a duration/],
    ['a.b>x', 4, 1, /not a number/],
    ['!a.b>"x y"', 5, 5, /not a number/],
    ['kind:sever', 5, 5, /one of: unspecified, internal, server/],
    ['is:slow', 3, 4, /error, origin, root, orphan/],
    ['name~(', 5, 1, /not a regular expression/],
    ['!', 0, 1, /must follow "!"/],
    ['!!name:n1', 0, 2, /one "!"/],
    ['trace.spans~2', 0, 13, /compare it with/],
    ['-name:n1', 0, 8, /!name:n1/],
    ['a -b', 2, 2, /!b/],
    ['a NOT b', 2, 3, /write "!"/i],
    ['a OR b', 2, 2, /OR is not supported/],
    ['a AND b', 2, 3, /without AND/],
    ['(a', 0, 2, /Parentheses are not supported/],
    ['Service:x', 0, 7, /write service/],
    ['!Trace.Dur>1', 1, 9, /write trace\.dur/],
  ])('says what is wrong with %j, and where', (query, at, length, message) => {
    const attempt = (): unknown => compileQuery(query)
    expect(attempt).toThrow(QueryError)
    expect(attempt).toThrow(message)
    try {
      attempt()
    } catch (error) {
      expect(error).toMatchObject({ at, length })
    }
  })

  it('reads back every value that it has quoted', () => {
    for (const value of ['plain', 'two words', 'with "quotes"', 'back\\slash', 'a\\"b', ''])
      expect(parseQuery(`name=${quoteValue(value)}`)[0]?.value).toBe(value)
  })

  it('reads the terms that the page writes of an attribute, whatever it is called', () => {
    for (const key of [
      'http.route',
      'Status',
      'two words',
      'with"quote',
      'back\\slash',
      'ключ',
      ...KEYS,
    ])
      expect(parseQuery(attributeTerm(key, 'a b'))).toMatchObject([
        { key, operator: '=', value: 'a b' },
      ])
    for (const key of KEYS)
      for (const written of [key, key.toUpperCase()])
        expect(attributeKey(written)).toBe(`"${written}"`)
    expect(attributeKey('http.route')).toBe('http.route')
  })

  it('refuses a query without end', () => {
    expect(() => compileQuery('a'.repeat(3000))).toThrow(/at most 2000/)
    expect(() => compileQuery('a '.repeat(40))).toThrow(/at most 32/)
  })
})

describe('A query of log lines', () => {
  const { log } = createLogs()
  const find = (query: string): string[] =>
    log.filter((row) => compileQuery(query).log(row)).map(({ body }) => String(body))

  it.each<[string, string[]]>([
    [traceId(5), ['of the trace', 'of the span']],
    [spanId(6), ['of the span']],
    [`00-${traceId(5)}-${spanId(9)}-01`, ['of the trace', 'of the span']],
    [`!${traceId(5)}`, ['of none']],
    ['event:placed', ['of the span']],
    ['event=*', ['of the span', 'of none']],
    ['event=paid', ['of none']],
    ['"level"=low', ['of none']],
  ])('finds those of %j', (query, expected) => {
    expect(find(query)).toEqual(expected)
  })

  it('refuses what it would not understand of spans', () => {
    expect(() => compileQuery('Level:error')).toThrow(/write level/)
  })
})

function createLogs(): { log: readonly LogRow[] } {
  const line = (body: string, more: object): object => ({ body: { stringValue: body }, ...more })
  const text = (key: string, value: string): object => ({ key, value: { stringValue: value } })
  const logRecords = [
    line('of the trace', { traceId: traceId(5) }),
    line('of the span', { traceId: traceId(5), spanId: spanId(6), eventName: 'order.placed' }),
    line('of none', { attributes: [text('event', 'paid'), text('level', 'low')] }),
  ]
  const json = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
  return { log: readOtlpJson(json, createDecodeContext()).logs }
}
