import { createRecorder, databaseContract } from '@callchain/testing'
import { describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { tracePg } from '../src/pg.ts'
import { CopyIn } from './copy-in.ts'
import { pgLines, pgUnderTest } from './pg-contract.ts'

const url = (): string => process.env.DATABASE_URL ?? ''

for (const [line, pg] of Object.entries(pgLines)) {
  const on = `${line} on a full server`
  databaseContract({ name: `Pool of ${on}`, database: pgUnderTest(pg, 'pool', url) })
  databaseContract({ name: `Client of ${on}`, database: pgUnderTest(pg, 'client', url) })
}

describe.each(Object.entries(pgLines))('a COPY on a traced client of %s', (_line, pg) => {
  it('goes to pg as the object it is, and its span ends with it, failed or not', async () => {
    const recorder = createRecorder()
    const client = tracePg(new pg.Client({ connectionString: url() }))
    await client.connect()
    await client.query('CREATE TEMP TABLE part (id int)')
    recorder.reset()
    for (const lines of [['1', '2'], ['nut']]) {
      await trace.getTracer('test').startActiveSpan('request', async (request) => {
        const copy = new CopyIn('COPY part (id) FROM STDIN', lines)
        const ended = new Promise((resolve) => {
          for (const event of ['finish', 'error']) {
            copy.once(event, () => resolve(trace.getActiveSpan()))
          }
        })
        expect(client.query(copy as never)).toBe(copy)
        await expect(ended).resolves.toBe(request)
        request.end()
      })
    }
    expect((await client.query('SELECT count(*)::int AS n FROM part')).rows).toEqual([{ n: 2 }])
    await client.end()
    const copies = recorder.spans().filter(({ name }) => name.startsWith('COPY'))
    expect(copies.map(({ attributes }) => attributes['error.type'])).toEqual([undefined, '22P02'])
    await recorder.shutdown()
  })
})
