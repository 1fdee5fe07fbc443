import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { context, trace } from '@opentelemetry/api'
import pg from 'pg'
import { tracePg } from '../src/pg.ts'
import { type Postgres, startPglite } from './postgres.ts'

jest.setTimeout(180_000)

describe('tracePg() with sqlcommenter', () => {
  let postgres: Postgres
  let recorder: Recorder
  let pool: pg.Pool
  beforeAll(async () => {
    postgres = await startPglite()
    recorder = createRecorder()
    pool = tracePg(new pg.Pool({ connectionString: postgres.url, max: 1 }), { sqlcommenter: true })
  })
  afterAll(async () => {
    await pool.end()
    await recorder.shutdown()
    await postgres.stop()
  })
  const comment = (): string => {
    const [span] = recorder.take().slice(-1)
    const { traceId = '', spanId = '' } = span?.spanContext() ?? {}
    return `/*traceparent='00-${traceId}-${spanId}-01'*/`
  }

  it('sends the trace of a statement along, and shows the statement without it', async () => {
    const { rows } = await pool.query('SELECT current_query() AS sent')
    expect(recorder.spans().at(-1)?.attributes['db.query.text']).toBe(
      'SELECT current_query() AS sent',
    )
    expect(rows).toEqual([{ sent: `SELECT current_query() AS sent ${comment()}` }])
  })

  it('puts it before the semicolon, in a config as well, and leaves the config as it is', async () => {
    const config = Object.freeze({ text: 'SELECT current_query() AS sent, $1::int;', values: [1] })
    const { rows } = await pool.query(config)
    expect(rows[0].sent).toBe(`SELECT current_query() AS sent, $1::int ${comment()};`)
  })

  it('takes a config whose getters work on nothing but itself', async () => {
    class Sql {
      readonly #values = [7]
      get text(): string {
        return this.#values.length > 0 ? 'SELECT $1::int AS n' : ''
      }
      get values(): number[] {
        return this.#values
      }
    }
    expect((await pool.query(new Sql())).rows).toEqual([{ n: 7 }])
  })

  it.each([
    ['is prepared', { name: 'one', text: 'SELECT current_query() AS sent' }],
    ['has a comment', { text: 'SELECT current_query() AS sent /* why */' }],
    ['may have one', { text: "SELECT current_query() AS sent, '--'" }],
  ])('sends a statement that %s as it is', async (_, config) => {
    expect((await pool.query(config)).rows[0].sent).toBe(config.text)
  })

  it('sends a statement of a trace that is not sampled as it is', async () => {
    const caller = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 }
    const text = 'SELECT current_query() AS sent'
    const within = trace.setSpanContext(context.active(), caller)
    const { rows } = await context.with(within, () => pool.query(text))
    expect(rows).toEqual([{ sent: text }])
  })
})
