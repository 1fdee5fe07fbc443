import { describe, expect, it } from '@jest/globals'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { SEEDED_FAULTS, type SeededFault } from './seeded-faults.ts'

const viewer = viewerForTests()
const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}
const MAX_CALLS = 3

/** A plain client of the protocol, which writes down what it has called. */
function clientOf(transcript: string[]) {
  let id = 0
  return async (name: string, args: object): Promise<string> => {
    id += 1
    const call = {
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name, arguments: args },
    }
    transcript.push(`${name} ${JSON.stringify(args)}`)
    const body = JSON.stringify(call)
    const { json } = await ask(`${viewer.url}/mcp`, {
      method: 'POST',
      headers: HEADERS,
      body,
    })
    expect(json.result.isError).toBe(false)
    return json.result.content[0].text
  }
}

const statementIn = (text: string) => /```sql\n([\s\S]*?)\n```/.exec(text)?.[1]

/** What an agent does that knows only what the user has said, and the descriptions of the tools. */
async function investigate(fault: SeededFault, transcript: string[]): Promise<string | undefined> {
  const call = clientOf(transcript)
  const found = await call(fault.asks, { query: fault.query, limit: 1 })
  const named = statementIn(found)
  if (named !== undefined) return named
  const trace = /trace ([\da-f]{32})/.exec(found)?.[1] ?? 'latest'
  const shown = await call('get_trace', { trace })
  const inTrace = statementIn(shown)
  if (inTrace !== undefined) return inTrace
  const span = /span ([\da-f]{16})/.exec(found)?.[1] ?? ''
  const { attributes } = JSON.parse(await call('get_span', { trace, span }))
  return attributes['db.query.text']
}

describe('An agent that has only the Model Context Protocol', () => {
  beforeAll(async () => {
    for (const { spans } of SEEDED_FAULTS) await sendSpans(viewer.url, spans)
  })

  it('names the guilty statement of ten faults in at most three calls each', async () => {
    const report: string[] = []
    for (const fault of SEEDED_FAULTS) {
      const transcript: string[] = []
      const named = await investigate(fault, transcript)
      expect([fault.said, named]).toEqual([fault.said, fault.guilty])
      expect(transcript.length).toBeLessThanOrEqual(MAX_CALLS)
      report.push(fault.said, ...transcript.map((line) => `  ${line}`), `  → ${named}`)
    }
    expect(SEEDED_FAULTS).toHaveLength(10)
    expect(report.join('\n')).toMatchInlineSnapshot(`
      "Orders fail.
        find_errors {"query":"root.name=\\"POST /orders\\"","limit":1}
        → UPDATE shelf SET n = n - $1 WHERE item = $2
      The report answers 500.
        find_errors {"query":"root.name=\\"GET /report\\"","limit":1}
        → SELECT sum(total) FORM orders
      Nobody can log out.
        find_errors {"query":"root.name=\\"DELETE /sessions\\"","limit":1}
        → DELETE FROM session WHERE user_id = $1
      Some transfers log an error, though they succeed.
        find_errors {"query":"root.name=\\"POST /transfer\\"","limit":1}
        → UPDATE ledger SET balance = balance - $1 WHERE id = $2
      The basket is slow with many items.
        find_slow {"query":"root.name=\\"GET /basket\\"","limit":1}
        → SELECT price FROM price_list WHERE item = $1
      Invoices of the checkout come late.
        find_slow {"query":"service:billing","limit":1}
        → INSERT INTO invoice (order_id, total) VALUES ($1, $2)
      The search is slow at times.
        find_slow {"query":"root.name=\\"GET /search\\"","limit":1}
        → SELECT * FROM item WHERE title ILIKE $1
      To book a seat takes long when the hall is full.
        find_slow {"query":"root.name=\\"POST /seats\\"","limit":1}
        → SELECT * FROM seat WHERE hall = $1 FOR UPDATE
      Statistics are slow.
        find_slow {"query":"root.name=\\"GET /statistics\\"","limit":1}
        → aggregate clicks
      Who is online is slow.
        find_slow {"query":"root.name=\\"GET /online\\"","limit":1}
        → KEYS session:*"
    `)
  })
})
