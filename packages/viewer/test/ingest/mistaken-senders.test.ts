import { gzipSync } from 'node:zlib'
import { type Answer, ask, viewerForTests } from '../request.ts'
import { BASE, otlpJson, spanId, traceId } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

describe('A sender that is slightly wrong', () => {
  const viewer = viewerForTests()
  const post = (body: unknown, path = '/v1/traces'): Promise<Answer> =>
    ask(viewer.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const receiver = async (): Promise<any> => (await ask(`${viewer.url}/api/local/receiver`)).json

  it('is told the path that it sent to, also when that begins with two slashes', async () => {
    const { status, json } = await post(otlpJson([{ id: 1 }]), '//v1/traces')
    expect([status, json.error.message]).toEqual([
      404,
      expect.stringContaining(
        `sent to //v1/traces, which is not an OTLP path: send to ${viewer.url}`,
      ),
    ])
    const { hints } = await receiver()
    expect(hints).toContainEqual(
      expect.objectContaining({ code: 'wrong-path', message: expect.stringContaining('//v1/') }),
    )
  })

  it('reads no API by a path that begins with two slashes', async () => {
    const { status, text } = await ask(`${viewer.url}//api/local/stats`)
    expect([status, text]).toEqual([200, expect.stringMatching(/^<!doctype html>/i)])
  })

  it('may call gzip by its old name', async () => {
    const body = gzipSync(JSON.stringify(otlpJson([{ trace: 2, id: 1 }])))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'x-gzip' }
    expect((await ask(`${viewer.url}/v1/traces`, { method: 'POST', headers, body })).status).toBe(
      200,
    )
    expect((await receiver()).exports[0]).toMatchObject({ encoding: 'gzip', spans: 1 })
  })

  it('is told that OTLP JSON is one object when it sends a list', async () => {
    const { status, json } = await post(otlpJson([{ id: 1 }]).resourceSpans)
    expect([status, json]).toEqual([400, { code: 3, message: expect.stringMatching(/one object/) }])
  })

  it('is warned when none of its fields is one of OTLP JSON', async () => {
    const { resourceSpans } = otlpJson([{ id: 1 }])
    const { status, json } = await post({ resource_spans: resourceSpans })
    expect([status, json]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedSpans: '0',
          errorMessage: expect.stringMatching(/lowerCamelCase/),
        },
      },
    ])
    expect((await receiver()).exports[0].warning).toMatch(/lowerCamelCase/)
    for (const field of ['resourceSpans', 'resourceLogs', 'resourceMetrics'])
      expect((await post({ [field]: [], later: 1 })).json).toEqual({})
  })

  it('is understood when it writes ids in base64, as protobuf’s own mapping to JSON has them', async () => {
    const ids = {
      traceId: Buffer.from(traceId(9), 'hex').toString('base64'),
      spanId: Buffer.from(spanId(9), 'hex').toString('base64'),
    }
    const { json } = await post({ resourceSpans: [{ scopeSpans: [{ spans: [ids] }] }] })
    expect(json).toEqual({})
    const { trace } = (await ask(`${viewer.url}/api/local/traces/${traceId(9)}`)).json
    expect(trace.root.id).toBe(spanId(9))
  })

  it('has its spans shown near the others of their trace when they have no time', async () => {
    const [group] = otlpJson([{ trace: 20, id: 1, took: 5 }]).resourceSpans
    const ids = { traceId: traceId(20), parentSpanId: spanId(1) }
    const end = `${BASE + 3}000000`
    const event = { name: 'tick', timeUnixNano: `${BASE + 2}000000` }
    const spans = [
      { ...ids, spanId: spanId(2), endTimeUnixNano: end },
      { ...ids, spanId: spanId(3), startTimeUnixNano: '0', endTimeUnixNano: end, events: [event] },
    ]
    await post({ resourceSpans: [group, { scopeSpans: [{ spans }] }] })
    const { trace, spans: shown } = (await ask(`${viewer.url}/api/local/traces/${traceId(20)}`))
      .json
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
    const byId = new Map<string, any>(shown.map((span: { id: string }) => [span.id, span]))
    expect(byId.get(spanId(2))).toMatchObject({ offset: 3, duration: 0 })
    expect(byId.get(spanId(3))).toMatchObject({ offset: 2, duration: 1 })
    expect(trace).toMatchObject({ start: BASE, duration: 5 })
  })

  it('has a span without any time shown as of now', async () => {
    const before = Date.now()
    const spans = [{ traceId: traceId(21), spanId: spanId(1) }]
    await post({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const { trace } = (await ask(`${viewer.url}/api/local/traces/${traceId(21)}`)).json
    expect(trace.start).toBeGreaterThanOrEqual(before)
    expect(trace.start).toBeLessThanOrEqual(Date.now())
  })
})
