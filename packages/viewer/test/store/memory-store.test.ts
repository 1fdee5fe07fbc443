import type { StoreChange } from '../../src/store/memory-store.ts'
import { factsOf, isIncomplete } from '../../src/trace/trace-facts.ts'
import { storeOf, type TestSpan, traceId } from '../spans.ts'

const spans = (trace: number, count: number): TestSpan[] =>
  Array.from({ length: count }, (_, index) => ({
    trace,
    id: index + 1,
    ...(index === 0 ? {} : { parent: 1 }),
  }))
const ids = (store: { traces: ReadonlyMap<string, unknown> }): number[] =>
  [...store.traces.keys()].map((id) => Number.parseInt(id, 16))

describe('The store', () => {
  it('evicts whole traces, the one least recently changed first', () => {
    const store = storeOf(spans(1, 4), { maxSpans: 10 })
    store.take(spans(2, 4))
    store.take([{ trace: 1, id: 9, parent: 1 }])
    store.take(spans(3, 4))
    expect(ids(store)).toEqual([1, 3])
    expect(store.spanCount).toBe(9)
    expect(store.counters).toMatchObject({ evictedTraces: 1, evictedSpans: 4 })
  })

  it('is bounded by bytes as well', () => {
    const store = storeOf([], { maxBytes: 20_000 })
    for (let trace = 1; trace <= 50; trace++)
      store.take([{ trace, id: 1, attributes: { text: 'x'.repeat(2000) } }])
    expect(store.bytes).toBeLessThanOrEqual(20_000)
    expect(store.traces.size).toBeGreaterThan(5)
    expect(ids(store).at(-1)).toBe(50)
  })

  it('marks what arrives for a trace after it was evicted', () => {
    const store = storeOf(spans(1, 3), { maxSpans: 4 })
    store.take(spans(2, 3))
    store.take([{ trace: 1, id: 8, parent: 1 }])
    const record = store.traces.get(traceId(1))
    expect(record?.late).toBe(true)
    expect(record && isIncomplete(record)).toBe(true)
  })

  it('ignores a span that it has, also in a large trace', () => {
    const store = storeOf(spans(1, 100))
    store.take(spans(1, 100))
    expect(store.spanCount).toBe(100)
    expect(store.counters.duplicates).toBe(100)
  })

  it('counts what is beyond the cap of one trace, and keeps the rest', () => {
    const store = storeOf(spans(1, 12), { maxTraceSpans: 10 })
    const record = store.traces.get(traceId(1))
    expect([record?.spans.length, record?.unkept]).toEqual([10, 2])
    expect(store.counters.beyondTraceCap).toBe(2)
  })

  it.each<[string, { maxSpans?: number; maxBytes?: number }]>([
    ['spans', { maxSpans: 40 }],
    ['bytes', { maxBytes: 40_000 }],
  ])('keeps of a trace that is larger than itself, by %s, what fits', (_, limits) => {
    const store = storeOf(spans(9, 2), limits)
    store.take(spans(1, 301))
    const record = store.traces.get(traceId(1))
    expect(record?.spans.length).toBeGreaterThanOrEqual(20)
    expect(record && record.spans.length + record.unkept).toBe(301)
    expect(record && isIncomplete(record)).toBe(true)
    expect(store.spanCount).toBeLessThanOrEqual(limits.maxSpans ?? 301)
    expect(store.bytes).toBeLessThanOrEqual(limits.maxBytes ?? 1e9)
    expect(store.counters.beyondTraceCap).toBe(record?.unkept)
    store.take(spans(2, 2))
    expect(ids(store)).toEqual([2])
  })

  it('bounds a trace also when each of its spans brings what others could share', () => {
    const store = storeOf([], { maxBytes: 100_000 })
    for (let id = 1; id <= 100; id++)
      store.take([{ id, service: `s${id} ${'x'.repeat(200)}`, attributes: { [`key ${id}`]: id } }])
    expect(store.bytes).toBeLessThanOrEqual(100_000)
    expect(store.spanCount).toBeGreaterThan(20)
    expect(store.traces.get(traceId(1))?.unkept).toBeGreaterThan(0)
    store.take([{ trace: 2, id: 1 }])
    expect(ids(store)).toContain(2)
  })

  it('keeps no span that is larger than itself', () => {
    const store = storeOf([], { maxBytes: 5000 })
    store.take([{ id: 1, attributes: { text: 'x'.repeat(9000) } }])
    expect([store.traces.size, store.spanCount, store.bytes]).toEqual([0, 0, 0])
    store.take([{ id: 2, parent: 1 }])
    const record = store.traces.get(traceId(1))
    expect(record && [record.late, record.spans.length]).toEqual([true, 1])
    expect(store.counters.beyondTraceCap).toBe(1)
  })

  it('knows a missing parent, and that it arrived later', () => {
    const store = storeOf([{ id: 2, parent: 1 }])
    const record = store.traces.get(traceId(1))
    if (record === undefined) throw new Error('the trace is not there')
    expect(factsOf(record)).toMatchObject({ orphans: 1, rootMissing: true })
    store.take([{ id: 1 }])
    expect(factsOf(record)).toMatchObject({ orphans: 0, rootMissing: false })
  })

  it('knows links from both ends, until their trace was evicted', () => {
    const store = storeOf([{ trace: 1, id: 1, links: [{ trace: 2, span: 5 }] }], { maxSpans: 1 })
    expect(store.linksTo(traceId(2))).toMatchObject([{ trace: traceId(1) }])
    store.take([{ trace: 3, id: 1 }])
    expect(store.linksTo(traceId(2))).toEqual([])
  })

  it('tells what has changed', () => {
    const store = storeOf([{ trace: 1, id: 1 }], { maxSpans: 1 })
    const changes: StoreChange[] = []
    const stop = store.subscribe((change) => changes.push(change))
    store.take([{ trace: 2, id: 1 }])
    stop()
    store.clear()
    expect(changes).toHaveLength(1)
    expect(changes[0]?.removed).toEqual([traceId(1)])
    expect([...(changes[0]?.traces ?? [])].map(({ id }) => id)).toEqual([traceId(2)])
  })

  it('takes ids that come again and again under other keys without growing', () => {
    const store = storeOf([], { maxSpans: 50 })
    for (let index = 1; index <= 500; index++)
      store.take([{ trace: index, id: index, attributes: { [`key-${index}`]: index } }])
    expect([store.spanCount, store.traces.size]).toEqual([50, 50])
  })
})
