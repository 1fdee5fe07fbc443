import { createRecorder, type Recorder } from '@callchain/testing'
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
import { type Span, trace } from '@opentelemetry/api'
import type { Client } from 'pg'
import Cursor from 'pg-cursor'
import QueryStream from 'pg-query-stream'
import { tracePg } from '../src/pg.ts'
import { pgLines } from './pg-contract.ts'
import { type Postgres, startPglite } from './postgres.ts'

jest.setTimeout(180_000)

const TEXT = 'SELECT n FROM generate_series(1, $1::int) AS n'
const MANY = 25

describe.each(Object.entries(pgLines))(
  'tracePg() of %s and queries that speak to the connection themselves',
  (_line, pg) => {
    let postgres: Postgres
    let recorder: Recorder
    let client: Client
    beforeAll(async () => {
      postgres = await startPglite()
    })
    afterAll(() => postgres.stop())
    beforeEach(async () => {
      recorder = createRecorder()
      client = tracePg(new pg.Client({ connectionString: postgres.url }))
      // The connection is opened by one request, and used by another.
      await inRequest('opener', () => client.connect())
      recorder.reset()
    })
    afterEach(async () => {
      await client.end()
      await recorder.settled()
      await recorder.shutdown()
    })
    const expectOneSpan = async (attributes: object = { 'db.query.text': TEXT }): Promise<void> => {
      await recorder.settled()
      const statements = recorder.spans().filter(({ name }) => name !== 'request')
      expect(statements).toHaveLength(1)
      expect(statements[0]?.name).toBe('SELECT generate_series')
      expect(statements[0]?.attributes).toMatchObject(attributes)
      const request = recorder.spans().find(({ name }) => name === 'request')
      expect(statements[0]?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    }

    it('ends the span of a cursor when it has been read to its end', async () => {
      await inRequest('request', async () => {
        const cursor = client.query(new Cursor<{ n: number }>(TEXT, [MANY]))
        let read = 0
        for (;;) {
          const rows = await cursor.read(10)
          if (rows.length === 0) break
          read += rows.length
          expect(recorder.open()).toHaveLength(read < MANY ? 2 : 1)
        }
        expect(read).toBe(MANY)
        await cursor.close()
      })
      await expectOneSpan()
    })

    it('ends the span of a cursor that is closed before its end', async () => {
      await inRequest('request', async () => {
        const cursor = client.query(new Cursor(TEXT, [MANY]))
        await cursor.read(1)
        await cursor.close()
      })
      await expectOneSpan()
    })

    it('marks a cursor that the server refuses as failed', async () => {
      await inRequest('request', async () => {
        const cursor = client.query(new Cursor('SELECT x FROM generate_series(1, 2)'))
        await expect(cursor.read(1)).rejects.toThrow('does not exist')
        await cursor.close().catch(() => {})
      })
      await expectOneSpan({ 'error.type': '42703' })
    })

    it("runs a cursor's callbacks in the context they were given in", async () => {
      await inRequest('request', async (span) => {
        const cursor = client.query(new Cursor(TEXT, [MANY]))
        const seen = await new Promise((resolve) => {
          cursor.read(MANY + 1, () => resolve(trace.getActiveSpan()))
        })
        expect(seen).toBe(span)
        await cursor.close()
      })
      await expectOneSpan()
    })

    it('ends the span of a stream when it has been read, and runs its listeners in the request', async () => {
      await inRequest('request', async (span) => {
        const stream = client.query(new QueryStream(TEXT, [MANY], { batchSize: 10 }))
        const seen = new Set<Span | undefined>()
        let rows = 0
        await new Promise((resolve, reject) => {
          stream.on('data', () => {
            rows += 1
            seen.add(trace.getActiveSpan())
          })
          stream.on('end', resolve)
          stream.on('error', reject)
        })
        expect(rows).toBe(MANY)
        expect([...seen]).toEqual([span])
      })
      await expectOneSpan()
    })

    it('ends the span of a stream that is left in the middle', async () => {
      await inRequest('request', async () => {
        const stream = client.query(new QueryStream(TEXT, [MANY], { batchSize: 5 }))
        for await (const row of stream) {
          expect(row).toEqual({ n: 1 })
          break
        }
      })
      await expectOneSpan()
    })

    it('ends the span of a Query of pg, and runs its listeners and its callback in the request', async () => {
      await inRequest('request', async (span) => {
        const query = new pg.Query(TEXT, [MANY])
        const seen = new Set<Span | undefined>()
        query.on('row', () => void seen.add(trace.getActiveSpan()))
        const ended = new Promise((resolve) => query.on('end', resolve))
        client.query(query)
        await ended
        expect([...seen]).toEqual([span])
      })
      await expectOneSpan()
    })

    it('gives pg and the application the very object, whatever callback comes with it', async () => {
      await inRequest('request', async (span) => {
        const within = await new Promise((resolve) => {
          const query = new pg.Query(TEXT, [MANY], () => resolve(trace.getActiveSpan()))
          expect(client.query(query)).toBe(query)
        })
        expect(within).toBe(span)
      })
      await expectOneSpan()
    })

    it('keeps the notifications of LISTEN out of the request that opened the connection', async () => {
      const heard = new Promise((resolve) => {
        client.once('notification', ({ payload }) => {
          resolve({ payload, within: trace.getActiveSpan() })
        })
      })
      await client.query('LISTEN changes')
      await client.query("NOTIFY changes, 'one'")
      await expect(heard).resolves.toEqual({ payload: 'one', within: undefined })
      expect(recorder.spans().map(({ name }) => name)).toEqual(['LISTEN', 'NOTIFY'])
      expect(recorder.spans()[1]?.attributes['db.query.text']).toBe('NOTIFY changes, ?')
    })
  },
)

function inRequest<T>(name: string, run: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('test').startActiveSpan(name, async (span) => {
    try {
      return await run(span)
    } finally {
      span.end()
    }
  })
}
