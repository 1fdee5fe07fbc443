import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanKind, trace } from '@opentelemetry/api'
import { traceQuery } from '../src/index.ts'

describe('traceQuery()', () => {
  let recorder: Recorder
  beforeEach(() => {
    recorder = createRecorder()
  })
  afterEach(async () => {
    await recorder.settled()
    await recorder.shutdown()
  })
  const only = () => {
    const [span, ...others] = recorder.take()
    expect(others).toEqual([])
    if (span === undefined) throw new Error('no span')
    return span
  }

  it('makes a CLIENT span of what a promise takes, and gives back what it comes to', async () => {
    const query = {
      system: 'sqlite',
      namespace: 'shop.db',
      text: "SELECT * FROM orders WHERE id = 7 AND name = 'jane'",
    }
    const result = traceQuery(query, async () => {
      expect(recorder.open()).toHaveLength(1)
      expect(trace.getActiveSpan()).toBeDefined()
      return 5
    })
    await expect(result).resolves.toBe(5)
    const span = only()
    expect(span).toMatchObject({ name: 'SELECT orders', kind: SpanKind.CLIENT })
    expect(span.attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.namespace': 'shop.db',
      'db.query.summary': 'SELECT orders',
      'db.query.text': 'SELECT * FROM orders WHERE id = ? AND name = ?',
    })
  })

  it('traces what is not a promise as well', () => {
    expect(traceQuery({ system: 'sqlite', text: 'SELECT 1' }, () => 5)).toBe(5)
    expect(only().name).toBe('SELECT')
  })

  it('keeps a text whose values are bound as it is, and does not show them', () => {
    const text = 'SELECT a -- why\nFROM t WHERE b = :name'
    traceQuery({ system: 'sqlite', text, values: { name: 'jane' } }, () => 1)
    expect(only().attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.query.summary': 'SELECT t',
      'db.query.text': text,
    })
  })

  it('shows the bound values it was asked for', () => {
    const query = { system: 'sqlite', text: 'SELECT :a, :b', values: { a: { x: 1 }, b: 'jane' } }
    const circular: Record<string, unknown> = {}
    circular.self = circular
    traceQuery(query, () => 1, { captureParameters: ({ key }) => key === 'a' })
    traceQuery({ ...query, values: [circular, 'x'.repeat(2000), null] }, () => 1, {
      captureParameters: () => true,
    })
    const [first, second] = recorder.take()
    expect(first?.attributes['db.query.parameter.a']).toBe('{"x":1}')
    expect(first?.attributes).not.toHaveProperty(['db.query.parameter.b'])
    expect(second?.attributes).not.toHaveProperty(['db.query.parameter.0'])
    expect(second?.attributes['db.query.parameter.1']).toHaveLength(1025)
    expect(second?.attributes['db.query.parameter.2']).toBe('null')
  })

  it('shows what it can of values that throw when they are looked at', () => {
    const values = {
      a: 1,
      get b(): never {
        throw new Error('not this one')
      },
    }
    const query = { system: 'sqlite', text: 'SELECT :a, :b', values }
    expect(traceQuery(query, () => 5, { captureParameters: () => true })).toBe(5)
    expect(only().attributes['db.query.parameter.a']).toBe('1')
  })

  const SECRET = 'zqjkxw'

  it.each<[string, unknown]>([
    ['true', () => true],
    ['nothing', () => undefined],
    ['a word', () => 'no'],
    ['a number', () => 1],
    ['a promise', () => Promise.resolve(true)],
    ['a promise that is rejected', () => Promise.reject(new Error('no'))],
    [
      'an error',
      () => {
        throw new Error('no')
      },
    ],
  ])(
    'shows a bound value to a hook that answers true, and to none that answers %s',
    async (answer, hook) => {
      const captureParameters = hook as () => boolean
      const query = { system: 'sqlite', text: 'SELECT ?', values: [SECRET] }
      expect(traceQuery(query, () => 5, { captureParameters })).toBe(5)
      // A rejection that nobody handles would end the process by now.
      await new Promise(setImmediate)
      expect(JSON.stringify(only().attributes).includes(SECRET)).toBe(answer === 'true')
    },
  )

  it('refuses an async captureParameters by its name', () => {
    const captureParameters = (async () => false) as unknown as () => boolean
    expect(() => traceQuery({ system: 'sqlite' }, () => 5, { captureParameters })).toThrow(
      /^callchain: captureParameters .* cannot be \[AsyncFunction.*allowed: a synchronous function/,
    )
  })

  const throwing = (name: string): object =>
    Object.defineProperty({}, name, {
      enumerable: true,
      get: () => {
        throw new Error('look elsewhere')
      },
    })
  const unwilling = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('look elsewhere')
      },
    },
  )
  const FIELDS =
    'system text values summary operation collection namespace serverAddress serverPort batchSize'
  const ODD: [string, unknown][] = [
    ['null', null],
    ['a number', -1.5],
    ['true', true],
    ['an object', { a: 1 }],
    ['a list', [SECRET]],
    ['a function', () => 1],
    ['a symbol', Symbol('odd')],
    ['a bigint', 5n],
    ['a Proxy', unwilling],
    ['bytes', Buffer.from(`SELECT '${SECRET}'`)],
  ]
  for (const field of FIELDS.split(' ')) {
    it.each(ODD)(`sends the statement whose ${field} is %s`, async (_, value) => {
      const query = { system: 'sqlite', text: `SELECT '${SECRET}'`, [field]: value }
      // Such values are bound, so the text is taken to have none.
      if (field === 'values' && [4, 3].some((at) => ODD[at]?.[1] === value)) query.text = 'SELECT ?'
      const options = { captureParameters: () => false }
      expect(traceQuery(query, () => 'the rows', options)).toBe('the rows')
      expect(await traceQuery(query, async () => 'the rows')).toBe('the rows')
      const spans = recorder.take()
      expect(spans).toHaveLength(2)
      for (const { name, attributes } of spans) {
        expect(JSON.stringify([name, attributes])).not.toContain(SECRET)
        expect(attributes).not.toHaveProperty('server.port', -1.5)
      }
    })

    it(`sends the statement whose ${field} throws when it is looked at`, () => {
      const query = Object.assign(throwing(field), field === 'system' ? {} : { system: 'sqlite' })
      expect(traceQuery(query as { system: string }, () => 'the rows')).toBe('the rows')
      expect(only().name).toBe(field === 'system' ? 'other_sql' : 'sqlite')
    })
  }

  it('sends the statement without a query and with null for options', () => {
    for (const query of [undefined, null, 'SELECT 1']) {
      const anything = query as unknown as { system: string }
      expect(traceQuery(anything, () => 'the rows', null as unknown as undefined)).toBe('the rows')
      expect(only().name).toBe('other_sql')
    }
  })

  it('reads a text of bytes', () => {
    const text = Buffer.from("SELECT a FROM t WHERE b = 'jane'") as unknown as string
    traceQuery({ system: 'sqlite', text }, () => 5)
    expect(only().attributes['db.query.text']).toBe('SELECT a FROM t WHERE b = ?')
  })

  it('sends the statement once whatever a tracer throws', async () => {
    const tracerProvider = {
      getTracer: () => {
        throw new Error('no tracer today')
      },
    }
    let sent = 0
    const send = (): number => {
      sent += 1
      return sent
    }
    expect(traceQuery({ system: 'sqlite' }, send, { tracerProvider })).toBe(1)
    expect(await traceQuery({ system: 'sqlite' }, async () => send(), { tracerProvider })).toBe(2)
  })

  it('names a span without a text by its operation and what that is done to', () => {
    traceQuery({ system: 'mongodb', operation: 'find', collection: 'orders' }, () => 1)
    traceQuery({ system: 'clickhouse', namespace: 'shop' }, () => 1)
    traceQuery({ system: 'clickhouse' }, () => 1)
    traceQuery({ system: 'clickhouse', summary: 'nightly sums' }, () => 1)
    expect(recorder.take().map(({ name }) => name)).toEqual([
      'find orders',
      'shop',
      'clickhouse',
      'nightly sums',
    ])
  })

  it('says how many operations are sent as one, from two on', () => {
    for (const batchSize of [1, 2]) traceQuery({ system: 'sqlite', batchSize }, () => 1)
    const [one, two] = recorder.take()
    expect(one?.attributes).not.toHaveProperty(['db.operation.batch.size'])
    expect(two?.attributes['db.operation.batch.size']).toBe(2)
  })

  it('leaves out the port that is the default', () => {
    const server = { serverAddress: 'db', system: 'postgresql' }
    for (const serverPort of [5432, 6543]) traceQuery({ ...server, serverPort }, () => 1)
    expect(recorder.take().map(({ attributes }) => attributes['server.port'])).toEqual([
      undefined,
      6543,
    ])
  })

  it.each([
    ['postgresql', { code: '23505' }, '23505'],
    ['mysql', { errno: 1062, sqlState: '23000' }, '1062'],
    ['mysql', { errno: -111, code: 'ECONNREFUSED' }, undefined],
    ['mongodb', { code: 11_000 }, '11000'],
    ['redis', { message: 'WRONGTYPE Operation against a key' }, 'WRONGTYPE'],
    ['redis', { message: 'Socket closed' }, undefined],
    ['sqlite', { code: 'SQLITE_BUSY' }, undefined],
  ])(
    'marks an error of %s, %j, with its code and without its message',
    async (system, error, code) => {
      const failure = Object.assign(new TypeError('jane said no'), error)
      await expect(traceQuery({ system }, () => Promise.reject(failure))).rejects.toBe(failure)
      const span = only()
      expect(span.attributes['error.type']).toBe(code ?? 'TypeError')
      expect(span.attributes['db.response.status_code']).toBe(code)
      expect(JSON.stringify([span.events, span.status])).not.toContain('jane')
    },
  )

  it('ends the span of what throws at once', () => {
    const failing = (): number => {
      throw new RangeError('no')
    }
    expect(() => traceQuery({ system: 'sqlite' }, failing)).toThrow(RangeError)
    expect(only().attributes['error.type']).toBe('RangeError')
  })

  it('asks a query builder for its outcome once', async () => {
    let asked = 0
    const builder: PromiseLike<number> = {
      // biome-ignore lint/suspicious/noThenProperty: this is what query builders do.
      then: (resolve) => {
        asked += 1
        return Promise.resolve(3).then(resolve)
      },
    }
    expect(await traceQuery({ system: 'sqlite' }, () => builder)).toBe(3)
    expect(asked).toBe(1)
  })

  it('cuts a statement that is very long', () => {
    traceQuery({ system: 'sqlite', text: `SELECT ${'a, '.repeat(100_000)}` }, () => 1)
    expect(String(only().attributes['db.query.text']).length).toBeLessThan(33_000)
  })
})
