import { MALFORMED } from '../malformed-families.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { BASE, spanId, type TestSpan, traceId } from '../spans.ts'

const FAMILIES = Object.entries(MALFORMED).map(
  ([name, spans], at): [string, number, TestSpan[]] => [
    name,
    at + 1,
    spans.map((span) => ({ ...span, trace: at + 1, service: `s${span.id % 3}` })),
  ],
)

const idsOf = (spans: readonly TestSpan[]): string[] => [
  ...new Set(spans.map(({ id }) => spanId(id))),
]

/** Every route that reads; `{id}` is the trace. Those that list its spans, and those that do not. */
const WITH_SPANS = [
  '/api/local/traces/{id}',
  '/api/local/traces/{id}?brief=1',
  '/api/local/traces/{id}/spans?text=span',
  '/api/local/traces/{id}.json',
  '/api/local/spans?q=trace={id}',
  '/api/local/export?q=trace={id}',
  '/api/v3/traces/{id}',
  '/api/v3/traces?query.startTimeMin=2026-11-01T00:00:00Z&query.startTimeMax=2026-12-01T00:00:00Z',
  '/api/traces/{id}',
  '/api/traces?traceID={id}',
  '/api/traces?limit=100',
  '/api/v2/trace/{id}',
  `/api/v2/traces?endTs=${BASE + 60_000}&lookback=120000&limit=100`,
  '/api/v2/traceMany?traceIds={id},{id}',
]
const OTHERS = [
  '/api/local/traces',
  '/api/local/scatter',
  '/api/local/traces/{id}/map',
  '/api/local/traces/{id}/logs',
  '/api/local/map',
  '/api/local/operations?q=self>0',
  '/api/local/receiver',
  '/api/local/keys',
  '/api/v3/trace-summaries?query.startTimeMin=2026-11-01T00:00:00Z&query.startTimeMax=2026-12-01T00:00:00Z',
  '/api/v3/operations?service=s1',
  `/api/dependencies?endTs=${BASE + 60_000}`,
  `/api/v2/dependencies?endTs=${BASE + 60_000}`,
]

describe.each(FAMILIES)('A trace of %s', (_, number, spans) => {
  const viewer = viewerForTests()
  const id = traceId(number)
  const read = (path: string) => ask(viewer.url + path.replaceAll('{id}', id))

  beforeAll(async () => {
    expect((await sendSpans(viewer.url, spans)).status).toBe(200)
  })

  it('is answered by every route', async () => {
    for (const path of [...WITH_SPANS, ...OTHERS])
      expect([path, (await read(path)).status]).toEqual([path, 200])
  })

  it('is held whole by every route that lists spans', async () => {
    for (const path of WITH_SPANS) {
      const { text } = await read(path)
      const missing = idsOf(spans).filter((each) => !text.includes(each))
      expect([path, missing]).toEqual([path, []])
    }
    const markdown = (await read('/api/local/traces/{id}.md')).text
    for (const span of idsOf(spans).map((each) => `span ${Number.parseInt(each, 16)}:`))
      expect(markdown).toContain(span)
  })

  it('is counted whole on the map and among the operations', async () => {
    const { operations } = (await read('/api/local/operations')).json
    const count = operations.reduce((sum: number, line: { count: number }) => sum + line.count, 0)
    expect(count).toBe(idsOf(spans).length)
    const { nodes } = (await read('/api/local/traces/{id}/map')).json
    const services = new Set(spans.map(({ service }) => service))
    expect(nodes.map(({ name }: { name: string }) => name).sort()).toEqual([...services].sort())
  })

  it('has a root in lists, which is at the top of the trace', async () => {
    const { traces } = (await read('/api/local/traces')).json
    expect(traces).toMatchObject([
      { id, root: { id: expect.any(String), service: expect.any(String) } },
    ])
    expect((await read('/api/local/scatter')).json.name).toEqual([traces[0].root.name])
    const { trace, spans: shown, criticalPath } = (await read('/api/local/traces/{id}')).json
    const root = shown.find((span: { id: string }) => span.id === trace.root.id)
    expect(root.depth).toBe(0)
    expect(criticalPath.length).toBeGreaterThan(0)
    expect((await read('/api/local/traces/{id}.md')).text).toContain(
      `# ${root.service} ${root.name}:`,
    )
    const { summaries } = (
      await read(
        '/api/v3/trace-summaries?query.startTimeMin=2026-11-01T00:00:00Z&query.startTimeMax=2026-12-01T00:00:00Z',
      )
    ).json
    expect(summaries[0].rootOperationName).toBe(root.name)
  })

  it('is drawn once and whole: each span below its parent, or at the top', async () => {
    const { spans: shown } = (await read('/api/local/traces/{id}')).json
    expect(shown.map((span: { id: string }) => span.id).sort()).toEqual(idsOf(spans).sort())
    let at = 0
    while (at < shown.length) {
      expect(shown[at].depth).toBe(0)
      at += shown[at].descendants + 1
    }
    expect(at).toBe(shown.length)
  })
})

describe('A circle of spans', () => {
  const viewer = viewerForTests()

  beforeAll(() =>
    sendSpans(viewer.url, [
      { id: 1, parent: 2, at: 3 },
      { id: 2, parent: 1, at: 2 },
      { id: 3, parent: 1, at: 0 },
    ]),
  )

  it('begins with the one of them that began first, and says so', async () => {
    const { trace, spans } = (await ask(`${viewer.url}/api/local/traces/${traceId(1)}`)).json
    expect(trace).toMatchObject({ root: { id: spanId(2) }, rootMissing: true, orphans: 0 })
    expect(spans).toMatchObject([
      { id: spanId(2), depth: 0, circular: true, parent: spanId(1), descendants: 2 },
      { id: spanId(1), depth: 1 },
      { id: spanId(3), depth: 2 },
    ])
    expect(spans[0].orphan).toBeUndefined()
    expect(spans[1].circular).toBeUndefined()
  })
})
