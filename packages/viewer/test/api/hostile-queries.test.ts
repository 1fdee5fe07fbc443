import { ask, sendSpans, viewerForTests } from '../request.ts'
import { spanId, traceId } from '../spans.ts'

describe('A query', () => {
  const viewer = viewerForTests()
  const get = (path: string) => ask(viewer.url + path)

  beforeAll(() => sendSpans(viewer.url, [{ id: 1, name: `${'a'.repeat(60)}!` }]))

  it('is stopped when its regular expression takes forever, on every path that takes one', async () => {
    const q = encodeURIComponent('service=orders name~^(a+)+$')
    for (const path of ['traces', 'scatter', 'operations', 'map', 'spans', 'export']) {
      const answer = await get(`/api/local/${path}?q=${q}`)
      expect([path, answer.status, answer.json?.error]).toEqual([
        path,
        400,
        { message: expect.stringMatching(/took longer than 2 s/), at: 20, length: 7 },
      ])
    }
    // At least: another test adds more.
    expect((await get('/api/local/traces?q=name~^a')).json.matched).toBeGreaterThan(0)
  }, 60_000)

  it('is stopped in a stream, which ends', async () => {
    const url = `${viewer.url}/api/local/stream?q=${encodeURIComponent('name~^(a+)+$')}`
    const ended = ask(url)
    const soon = setInterval(
      () => void sendSpans(viewer.url, [{ id: 1, trace: 2 + next++, name: `${'a'.repeat(60)}!` }]),
      100,
    )
    let next = 0
    await expect(ended).rejects.toThrow(/aborted|hang up|reset/)
    clearInterval(soon)
    expect((await get('/health')).status).toBe(200)
  }, 60_000)

  it.each([
    ['('.repeat(2000)],
    ['!'.repeat(1999)],
    ['"'.repeat(1999)],
    [`name~${'('.repeat(1000)}${')'.repeat(900)}`],
    [`name~${'(a{1,999}){1,999}'.repeat(3)}`],
    ['a '.repeat(1000)],
    ['x:'.repeat(900)],
    ['__proto__=1 constructor=2 has:__proto__ is:__proto__'],
    ['dur>1e999 trace.spans>Infinity'],
    ['\u0000\uD800'],
    ['q'.repeat(5000)],
  ])(
    'answers 200 or 400 to %j',
    async (q) => {
      const { status } = await get(
        `/api/local/traces?q=${encodeURIComponent(q.replace('\uD800', ''))}`,
      )
      expect([200, 400]).toContain(status)
      const { trace } = (await get(`/api/local/traces/${traceId(1)}`)).json
      expect(trace.root.id).toBe(spanId(1))
    },
    30_000,
  )
})
