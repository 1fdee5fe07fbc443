import { createTraceStore, startViewer } from '../../src/index.ts'
import { sendSpans } from '../request.ts'
import { BASE, otlpJson, spanId, traceId } from '../spans.ts'

const ORDER = [
  { trace: 1, id: 1, name: 'POST /orders', kind: 'server' as const, took: 10 },
  {
    trace: 1,
    id: 2,
    parent: 1,
    at: 1,
    took: 2,
    kind: 'client' as const,
    name: 'SELECT items',
    attributes: { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' },
    error: 'no such table',
    events: [{ name: 'exception', at: 2, attributes: { 'exception.type': 'Error' } }],
  },
]

describe('createTraceStore', () => {
  it('lets a test ask what was sent, oldest first', () => {
    const store = createTraceStore()
    store.add(JSON.stringify(otlpJson(ORDER)))
    expect(store.spans().map(({ name }) => name)).toEqual(['POST /orders', 'SELECT items'])
    expect(store.spans('is:db')).toEqual([
      {
        trace: traceId(1),
        id: spanId(2),
        parent: spanId(1),
        service: 'orders',
        name: 'SELECT items',
        kind: 'client',
        start: BASE + 1,
        duration: 2,
        status: 'error',
        statusMessage: 'no such table',
        attributes: { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' },
        events: [{ name: 'exception', attributes: { 'exception.type': 'Error' } }],
        links: [],
        statement: 'SELECT',
      },
    ])
    store.clear()
    expect(store.spans()).toEqual([])
    expect(() => store.spans('dur>x')).toThrow(/not a duration/)
    expect(() => store.add('nonsense')).toThrow(/not JSON/)
  })

  it('is filled by a viewer, and waits for what exporters send late', async () => {
    const store = createTraceStore()
    const viewer = await startViewer({ port: 0, store })
    try {
      const both = store.waitFor('service=orders', { count: 2, timeout: 60_000 })
      for (const span of ORDER) await sendSpans(viewer.url, [span])
      expect(await both).toHaveLength(2)
      expect(await store.waitFor('is:db')).toHaveLength(1)
      await expect(store.waitFor('service=none', { timeout: 1 })).rejects.toThrow(
        '0 of 1 spans match service=none after 1 ms; 2 spans were received in total.',
      )
    } finally {
      await viewer.close()
    }
  })

  it('tells which traces are one story, in whatever order they come, and when something has come', () => {
    const store = createTraceStore()
    let times = 0
    const stop = store.subscribe(() => {
      times += 1
    })
    const links = (trace: number) => ({ links: [{ trace, span: 1 }] })
    for (const span of [
      { trace: 3, id: 1, ...links(2) },
      { trace: 2, id: 1, ...links(1) },
      { trace: 1, id: 1 },
      { trace: 4, id: 1 },
    ])
      store.add(JSON.stringify(otlpJson([span])))
    stop()
    store.add(JSON.stringify(otlpJson([{ trace: 5, id: 1 }])))
    expect(times).toBe(4)
    expect(store.story(traceId(1)).sort()).toEqual([traceId(1), traceId(2), traceId(3)])
    expect(store.story(traceId(3))).toEqual([traceId(3)])
    expect(store.story(traceId(9))).toEqual([traceId(9)])
  })

  it('has its own limits', () => {
    const store = createTraceStore({ maxSpans: 3 })
    for (let trace = 1; trace <= 5; trace++) store.add(JSON.stringify(otlpJson([{ trace, id: 1 }])))
    expect(store.spans()).toHaveLength(3)
  })
})
