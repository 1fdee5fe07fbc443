import { AsyncLocalStorage } from 'node:async_hooks'
import { createRecorder, databaseContract, type Recorder } from '@callchain/testing'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals'
import { SpanKind, trace } from '@opentelemetry/api'
import pg, { type Pool, type PoolConfig } from 'pg'
import { tracePg } from '../src/pg.ts'
import { pgLines, pgUnderTest } from './pg-contract.ts'
import { type Postgres, startPglite } from './postgres.ts'

jest.setTimeout(180_000)

const OLDEST = Object.keys(pgLines).at(-1)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPglite()
})
afterAll(() => postgres.stop())

for (const [line, pg] of Object.entries(pgLines)) {
  const url = (): string => postgres.url
  databaseContract({ name: `Pool of ${line}`, database: pgUnderTest(pg, 'pool', url) })
  databaseContract({ name: `Client of ${line}`, database: pgUnderTest(pg, 'client', url) })
  databaseContract({
    name: `Client of ${line} that is open already`,
    database: pgUnderTest(pg, 'open client', url),
  })
}

databaseContract({
  name: 'Pool, with the spans of the recorder',
  database: pgUnderTest(pg, 'pool', () => postgres.url),
  setUp: () => createRecorder({ provider: 'recorder' }),
})

describe.each(Object.entries(pgLines))('tracePg(pool) of %s', (line, pg) => {
  let recorder: Recorder
  let pool: Pool
  const pools: Pool[] = []
  const open = (config: PoolConfig = {}): Pool => {
    const made = new pg.Pool({ connectionString: postgres.url, max: 1, ...config })
    pools.push(made)
    return made
  }
  beforeEach(() => {
    recorder = createRecorder()
    pool = tracePg(open())
  })
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((each) => each.end()))
    await recorder.settled()
    await recorder.shutdown()
  })
  const names = (): string[] => recorder.spans().map(({ name }) => name)

  it('returns the pool', () => {
    expect(tracePg(pool)).toBe(pool)
    expect(Object.keys(pool)).toEqual(Object.keys(open()))
  })

  it('says how long a statement waited for its connection, and makes no span of the wait', async () => {
    const busy = await pool.connect()
    recorder.reset()
    const waiting = pool.query('SELECT 1')
    await busy.query('SELECT pg_sleep(0.05)')
    busy.release()
    await waiting
    const [slow, waited] = recorder.spans()
    expect(slow?.attributes['callchain.db.pool_wait']).toBeUndefined()
    expect(waited?.attributes['callchain.db.pool_wait']).toBeGreaterThan(40)
    expect(recorder.spans()).toHaveLength(2)
  })

  it('opens a connection outside any request, also when another statement took the one that was idle', async () => {
    const storage = new AsyncLocalStorage<string>()
    const contexts: unknown[] = []
    class Connection extends pg.Client {
      override connect(...args: never[]): never {
        contexts.push(storage.getStore(), trace.getActiveSpan())
        return (super.connect as (...given: never[]) => never)(...args)
      }
    }
    const two = tracePg(open({ max: 2, Client: Connection } as PoolConfig))
    await two.query('SELECT 1')
    await storage.run('a request', () =>
      trace
        .getTracer('test')
        .startActiveSpan('request', (span) =>
          Promise.all([two.query('SELECT 1'), two.query('SELECT 1')]).finally(() => span.end()),
        ),
    )
    expect(two.totalCount).toBe(2)
    expect(contexts).toEqual([undefined, undefined, undefined, undefined])
  })

  it('makes a span of an explicit checkout', async () => {
    const client = await pool.connect()
    client.release()
    await new Promise<void>((resolve, reject) => {
      pool.connect((error, _client, release) => {
        release()
        if (error) reject(error)
        else resolve()
      })
    })
    expect(names()).toEqual(['pool.connect', 'pool.connect'])
    expect(recorder.spans()[0]?.kind).toBe(SpanKind.INTERNAL)
  })

  it('runs each callback of a checkout in the request that asked, and its statements too', async () => {
    await Promise.all(['A', 'B', 'C'].map((name) => inRequest(name, () => readOnClient(pool))))
    const requests = recorder.spans().filter(({ name }) => /^[ABC]$/.test(name))
    for (const kind of ['pool.connect', 'SELECT']) {
      const parents = recorder
        .spans()
        .filter(({ name }) => name === kind)
        .map((span) => span.parentSpanContext?.spanId)
      expect(parents.toSorted()).toEqual(
        requests.map((span) => span.spanContext().spanId).toSorted(),
      )
    }
  })

  it('keeps notifications out of the request whose connection hears them', async () => {
    const client = await inRequest('opener', () => pool.connect())
    const heard = new Promise((resolve) => {
      client.once('notification', () => resolve(trace.getActiveSpan()))
    })
    try {
      await inRequest('listener', () => client.query('LISTEN changes'))
      await client.query('NOTIFY changes')
      await expect(heard).resolves.toBeUndefined()
    } finally {
      client.release()
    }
  })

  it('puts the statements of a transaction under the request, on the client that was checked out', async () => {
    await trace.getTracer('test').startActiveSpan('request', async (request) => {
      const client = await pool.connect()
      await client.query('BEGIN')
      await client.query({
        // The embedded server keeps what is prepared for whoever connects next.
        name: line,
        text: 'SELECT typname FROM pg_type WHERE oid = $1',
        values: [16],
      })
      await client.query('COMMIT')
      client.release()
      request.end()
    })
    const request = recorder.spans().at(-1)
    expect(names()).toEqual(['pool.connect', 'BEGIN', 'SELECT pg_type', 'COMMIT', 'request'])
    for (const span of recorder.spans().slice(0, -1)) {
      expect(span.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    }
  })

  it('ends the span of a statement that never got a connection', async () => {
    const small = tracePg(open())
    const busy = await small.connect()
    recorder.reset()
    // Not from the start: on a busy machine the first connection may take longer itself.
    small.options.connectionTimeoutMillis = 50
    await expect(small.query('SELECT 1')).rejects.toThrow('timeout')
    busy.release()
    expect(recorder.spans()[0]?.attributes['error.type']).toBe('Error')
  })

  it('names the error of a server that is not there', async () => {
    const nowhere = tracePg(open({ connectionString: 'postgres://localhost:1/x' }))
    await expect(nowhere.query('SELECT 1')).rejects.toThrow()
    const [span] = recorder.spans()
    expect(span?.attributes['error.type']).toMatch(/ECONNREFUSED|AggregateError/)
    expect(span?.attributes['server.port']).toBe(1)
  })

  it('takes every form of arguments that pg takes', async () => {
    const client = await pool.connect()
    recorder.reset()
    const config = { text: 'SELECT $1::int AS n', values: [1] }
    // What pg 8.11 is given, it writes into itself.
    if (line !== OLDEST) Object.freeze(config)
    await runEveryForm(client, config)
    client.release()
    expect(recorder.spans().map(({ attributes }) => attributes['db.query.text'])).toEqual(
      Array.from({ length: 6 }, () => 'SELECT $1::int AS n'),
    )
  })

  it('ends the span of a config with a callback, which a pool does not call', async () => {
    const config = { text: 'SELECT 1', callback: () => {} }
    expect(await pool.query(config)).toMatchObject({ rowCount: 1 })
    expect(names()).toEqual(['SELECT'])
  })

  it('keeps what sets a connection up out of the request', async () => {
    const set = tracePg(open({ onConnect: (client) => client.query('SET search_path TO public') }))
    set.on('connect', (client) => client.query('SELECT 1'))
    await set.query('SELECT 2')
    expect(names()).toEqual(['SELECT'])
  })

  // A pool of pg 8.11 does not hear of its end, and keeps the connection.
  if (line !== OLDEST) {
    it('traces a query that speaks to the connection itself, on the client that it gets', async () => {
      const query = new pg.Query('SELECT 1')
      pool.query(query as never, () => {})
      await new Promise((resolve) => query.once('end', resolve))
      await recorder.settled()
      expect(names()).toEqual(['pool.connect', 'SELECT'])
    })
  }

  it('throws what pg throws for what is no statement', async () => {
    const client = await pool.connect()
    expect(() => client.query(null as never)).toThrow(TypeError)
    client.release()
    expect(recorder.open()).toEqual([])
  })

  it('shows the bound values that it was asked for, and no other', async () => {
    const shown = tracePg(open(), { captureParameters: ({ key }) => key === '1' })
    await shown.query('SELECT $1::text, $2::int', ['secret', 7])
    expect(recorder.spans()[0]?.attributes).toMatchObject({ 'db.query.parameter.1': '7' })
    expect(recorder.spans()[0]?.attributes).not.toHaveProperty(['db.query.parameter.0'])
  })

  it('shows the message of an error when it was asked for it', async () => {
    const shown = tracePg(open(), { errorMessages: true })
    await expect(shown.query('SELECT nothing_like_it')).rejects.toThrow()
    expect(recorder.spans()[0]?.events[0]?.attributes?.['exception.message']).toContain(
      'nothing_like_it',
    )
  })
})

describe('tracePg()', () => {
  it('says what it takes', () => {
    expect(() => tracePg({} as never)).toThrow('tracePg() takes a Pool or a Client of pg')
    const pool = new pg.Pool()
    expect(() => tracePg(pool, { capture: true } as never)).toThrow(
      "a database wrapper has no option 'capture'",
    )
    expect(() => tracePg(pool, { errorMessages: 1 } as never)).toThrow(
      'errorMessages of a database wrapper cannot be 1; allowed: true, false',
    )
  })
})

async function runEveryForm(
  client: pg.PoolClient,
  config: Readonly<pg.QueryConfig>,
): Promise<void> {
  const { text, values = [] } = config
  const results = [
    await client.query(text, values),
    await client.query(config),
    await client.query({ text }, values),
    await new Promise((resolve) => client.query(text, values, (_error, result) => resolve(result))),
    await new Promise((resolve) => client.query(config, (_error, result) => resolve(result))),
    await new Promise((resolve) => {
      const callback = (_error: unknown, result: unknown): void => resolve(result)
      void client.query({ ...config, callback } as pg.QueryConfig)
    }),
  ]
  for (const result of results) expect(result).toMatchObject({ rows: [{ n: 1 }] })
}

function inRequest<T>(name: string, run: () => Promise<T>): Promise<T> {
  return trace.getTracer('test').startActiveSpan(name, async (span) => {
    try {
      return await run()
    } finally {
      span.end()
    }
  })
}

/** Checks a connection out, and reads on it, all with callbacks. */
function readOnClient(pool: pg.Pool): Promise<void> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client, release) => {
      if (error || client === undefined) return reject(error)
      client.query('SELECT 1', (failed) => {
        release()
        if (failed) reject(failed)
        else resolve()
      })
    })
  })
}
