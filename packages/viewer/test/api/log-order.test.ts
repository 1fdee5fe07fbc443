import { expect, it } from '@jest/globals'
import { ask, viewerForTests } from '../request.ts'
import { BASE } from '../spans.ts'

const viewer = viewerForTests()

/** Sends one line, so many milliseconds after `BASE`. */
async function send(millis: number, body: string): Promise<void> {
  const logRecords = [{ timeUnixNano: `${BASE + millis}000000`, body: { stringValue: body } }]
  const { status } = await ask(`${viewer.url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  })
  expect(status).toBe(200)
}

it('lists the newest lines first, page by page, in whatever order they came', async () => {
  // Each time but the last is there twice: the line that came later is the first of the two.
  const times = Array.from({ length: 11 }, (_, index) => Math.floor(((index * 7) % 11) / 2))
  for (const [at, millis] of times.entries()) await send(millis, `line ${at}`)
  const seen: { time: number; body: string }[] = []
  let cursor: string | null = ''
  do {
    const { json } = await ask(`${viewer.url}/api/local/logs?limit=4&cursor=${cursor}`)
    expect(json.matched).toBe(11)
    seen.push(...json.logs)
    cursor = json.next
  } while (cursor !== null)
  const expected = times
    .map((millis, at) => ({ time: BASE + millis, body: `line ${at}`, at }))
    .sort((a, b) => b.time - a.time || b.at - a.at)
  expect(seen.map(({ time, body }) => [time, body])).toEqual(
    expected.map(({ time, body }) => [time, body]),
  )
})
