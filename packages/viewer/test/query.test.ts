import { compileQuery } from '../src/query/compile-query.ts'
import { parseQuery, quoteValue } from '../src/query/parse-query.ts'
import { QueryError } from '../src/query/query-error.ts'
import { storeOf, type TestSpan, traceId } from './spans.ts'

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
]

describe('The query language', () => {
  const store = storeOf(SPANS)
  const find = (query: string): number[] => {
    const compiled = compileQuery(query)
    return [...store.traces.values()]
      .filter((record) => compiled.trace(record))
      .map(({ id }) => Number.parseInt(id, 16))
      .sort()
  }

  it.each<[string, number[]]>([
    ['', [1, 2, 3]],
    ['service:gate', [1, 2]],
    ['service=gate', []],
    ['service:orders', [1]],
    ['status:error', [1]],
    ['status:500', [1]],
    ['status>=500', [1]],
    ['status!=error', [1, 2, 3]],
    ['!status:error', [2, 3]],
    ['kind:server', [1, 2]],
    ['dur>200ms', [1]],
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
    ['!name:health', [1, 3]],
    ['"send \\"mail\\""', [3]],
    ['name="SELECT items"', [1]],
    ['DECLINED', [1]],
    ['"from \\"items\\""', [1]],
    ['exception.message:card', [1]],
    ['sql:items', [1]],
    ['db=postgresql', [1]],
    ['is:db', [1]],
    ['is:root', [1, 2]],
    ['is:orphan', [3]],
    ['is:incomplete', [3]],
    ['trace.incomplete=false', [1, 2]],
    ['trace.spans>1', [1]],
    ['trace.services=2', [1]],
    ['trace.dur>=300ms', [1]],
    ['self>275ms self<285ms', [1]],
    ['root.service=mailer', [3]],
    [`trace:${traceId(2)}`, [2]],
    ['service.name=mailer', [3]],
    ['level>=warn', []],
    ['toString:x', []],
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

  it.each<[string, number, number, RegExp]>([
    ['service:', 0, 8, /value must follow "service:"/],
    ['a "open', 2, 5, /quote is not closed/],
    ['status:error dur>fast', 13, 8, /not a duration/],
    ['a.b>x', 0, 5, /not a number/],
    ['kind:sever', 0, 10, /one of: unspecified, internal, server/],
    ['is:slow', 0, 7, /error, root, orphan/],
    ['name~(', 0, 6, /not a regular expression/],
    ['!', 0, 1, /must follow "!"/],
    ['trace.spans~2', 0, 13, /compare it with/],
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

  it('refuses a query without end', () => {
    expect(() => compileQuery('a'.repeat(3000))).toThrow(/at most 2000/)
    expect(() => compileQuery('a '.repeat(40))).toThrow(/at most 32/)
  })
})
