import { ask, sendSpans, viewerForTests } from '../request.ts'
import { BASE } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

describe('The tags that clients of Jaeger and Zipkin search for', () => {
  const viewer = viewerForTests()
  beforeAll(() =>
    sendSpans(viewer.url, [
      {
        trace: 1,
        id: 1,
        name: 'failed',
        kind: 'server',
        error: 'no stock',
        attributes: { 'error.type': '409' },
        events: [{ name: 'exception', at: 1, attributes: { 'exception.type': 'Empty' } }],
      },
      { trace: 2, id: 1, name: 'fine', kind: 'client', attributes: { error: 'of its own' } },
    ]),
  )

  const jaeger = async (tags: Record<string, string>): Promise<string[]> => {
    const query = new URLSearchParams({ service: 'orders', tags: JSON.stringify(tags) })
    const { json } = await ask(`${viewer.url}/api/traces?${query}`)
    return json.data.map(
      (trace: { spans: [{ operationName: string }] }) => trace.spans[0].operationName,
    )
  }
  const zipkin = async (annotationQuery: string): Promise<string[]> => {
    const query = new URLSearchParams({ annotationQuery, endTs: `${BASE + 60_000}` })
    const { json } = await ask(`${viewer.url}/api/v2/traces?${query}`)
    return json.map((trace: [{ name: string }]) => trace[0].name)
  }

  it('are also those that Jaeger has for the fields of a span, its scope and its events', async () => {
    expect(await jaeger({ 'span.kind': 'server' })).toEqual(['failed'])
    expect(await jaeger({ 'span.kind': 'client' })).toEqual(['fine'])
    expect(await jaeger({ 'otel.status_code': 'ERROR' })).toEqual(['failed'])
    expect(await jaeger({ 'otel.status_description': 'no stock' })).toEqual(['failed'])
    expect(await jaeger({ 'otel.scope.name': 'test', event: 'exception' })).toEqual(['failed'])
    expect(await jaeger({ 'exception.type': 'Empty' })).toEqual(['failed'])
    expect(await jaeger({ 'exception.type': 'Full' })).toEqual([])
    expect(await jaeger({ constructor: 'x' })).toEqual([])
  })

  it('find an error by that it is one, and by what it says', async () => {
    expect(await jaeger({ error: 'true' })).toEqual(['failed'])
    expect(await jaeger({ error: 'false' })).toEqual(['fine'])
    expect(await jaeger({ error: 'of its own' })).toEqual(['fine'])
    expect(await zipkin('error=no stock')).toEqual(['failed'])
    expect(await zipkin('error=another')).toEqual([])
    expect(await zipkin('exception')).toEqual(['failed'])
  })

  it('come with durations in every form that Go reads', async () => {
    const status = async (minDuration: string): Promise<number> =>
      (await ask(`${viewer.url}/api/traces?${new URLSearchParams({ minDuration })}`)).status
    for (const text of ['.5ms', '1.s', '1h1.5m', '3µs', '3μs', '0'])
      expect([text, await status(text)]).toEqual([text, 200])
    for (const text of ['.', '.s', '5', '1x', '1s2'])
      expect([text, await status(text)]).toEqual([text, 400])
  })
})
