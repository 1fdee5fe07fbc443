import fc from 'fast-check'
import { traceDetail } from '../../src/analysis/trace-detail.ts'
import { readAnyJson } from '../../src/formats/read-any.ts'
import { toOtlpJson } from '../../src/formats/write-otlp.ts'
import { createDecodeContext } from '../../src/otlp/decode-context.ts'
import { createMemoryStore, type MemoryStore } from '../../src/store/memory-store.ts'
import { BASE, spanId, traceId } from '../spans.ts'

const TRACE = traceId(1)
const context = createDecodeContext()

const read = (store: MemoryStore, content: unknown): MemoryStore => {
  for (const part of readAnyJson(JSON.stringify(content), context).parts) store.add(part)
  return store
}
const storeOf = (...contents: unknown[]): MemoryStore =>
  contents.reduce<MemoryStore>(read, createMemoryStore())

interface Shown {
  name: string
  offset: number
  duration: number
  unknown?: readonly string[] | undefined
}
/** What is shown of a trace: begin after `BASE` and duration of each span, and of all. */
const shown = (store: MemoryStore, id = TRACE) => {
  const record = store.traces.get(id)
  if (record === undefined) throw new Error('The trace is not there.')
  const detail = traceDetail(record, store)
  const spans = detail.spans as readonly Shown[]
  return {
    start: record.start / 1000 - BASE,
    duration: record.duration / 1e6,
    skew: detail.skew,
    spans: Object.fromEntries(
      spans.map(({ name, offset, duration, unknown }) => [name, { offset, duration, unknown }]),
    ),
  }
}

interface Timed {
  id: number
  parent?: number | undefined
  at?: number | undefined
  took?: number | undefined
}
type Write = (spans: Timed[]) => unknown

const zipkin: Write = (spans) =>
  spans.map(({ id, parent, at, took }) => ({
    traceId: TRACE,
    id: spanId(id),
    parentId: parent && spanId(parent),
    name: `s${id}`,
    timestamp: at === undefined ? undefined : (BASE + at) * 1000,
    duration: took === undefined ? undefined : took * 1000,
  }))

const jaeger: Write = (spans) => ({
  data: [
    {
      traceID: TRACE,
      processes: { p1: { serviceName: 'shop' } },
      spans: spans.map(({ id, parent, at, took }) => ({
        traceID: TRACE,
        spanID: spanId(id),
        operationName: `s${id}`,
        references: parent ? [{ refType: 'CHILD_OF', traceID: TRACE, spanID: spanId(parent) }] : [],
        startTime: at === undefined ? 0 : (BASE + at) * 1000,
        duration: took === undefined ? undefined : took * 1000,
        processID: 'p1',
      })),
    },
  ],
})

const otlp: Write = (spans) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: spans.map(({ id, parent, at, took }) => ({
            traceId: TRACE,
            spanId: spanId(id),
            parentSpanId: parent && spanId(parent),
            name: `s${id}`,
            startTimeUnixNano: at === undefined ? '0' : `${BASE + at}000000`,
            endTimeUnixNano:
              at === undefined || took === undefined ? '0' : `${BASE + at + took}000000`,
          })),
        },
      ],
    },
  ],
})

describe.each<[string, Write]>([
  ['Zipkin', zipkin],
  ['Jaeger', jaeger],
  ['OTLP', otlp],
])('A span of %s without a time', (_, write) => {
  const both = ['start', 'duration']

  it('begins where its parent does, and does not lengthen the trace', () => {
    const store = storeOf(
      write([
        { id: 1, at: 5, took: 20 },
        { id: 2, parent: 1 },
        { id: 3, parent: 2 },
      ]),
    )
    expect(shown(store)).toMatchObject({
      start: 5,
      duration: 20,
      skew: [],
      spans: {
        s1: { offset: 0, duration: 20 },
        s2: { offset: 0, duration: 0, unknown: both },
        s3: { offset: 0, duration: 0, unknown: both },
      },
    })
    expect(shown(store).spans.s1?.unknown).toBeUndefined()
  })

  it('begins with its parent, rather than with the trace or with what is below it', () => {
    const store = storeOf(
      write([
        { id: 1, at: 5, took: 20 },
        { id: 2, parent: 1, at: 9, took: 4 },
        { id: 3, parent: 2 },
        { id: 4, parent: 3, at: 11, took: 1 },
      ]),
    )
    expect(shown(store)).toMatchObject({ start: 5, spans: { s3: { offset: 4, duration: 0 } } })
  })

  it('does so also when its parent comes later, or that has no time either', () => {
    const parts = [
      write([{ id: 3, parent: 2 }]),
      write([{ id: 2, parent: 1 }]),
      write([{ id: 1, at: 5, took: 20 }]),
    ]
    expect(shown(storeOf(...parts))).toMatchObject({ start: 5, duration: 20 })
  })

  it('begins with the first that is below it, when nothing above has a time', () => {
    const store = storeOf(
      write([{ id: 1 }, { id: 2, parent: 1 }, { id: 3, parent: 2, at: 9, took: 1 }]),
      write([
        { id: 4, parent: 2, at: 7, took: 5 },
        { id: 5, parent: 99, at: 1, took: 30 },
      ]),
    )
    expect(shown(store)).toMatchObject({
      start: 1,
      duration: 30,
      spans: { s1: { offset: 6 }, s2: { offset: 6 } },
    })
  })

  it('begins with the trace, when it hangs from nothing', () => {
    const store = storeOf(
      write([
        { id: 1, at: 5, took: 20 },
        { id: 2, parent: 99 },
      ]),
    )
    expect(shown(store)).toMatchObject({ start: 5, spans: { s2: { offset: 0 } } })
  })

  it('has that of its arrival when nothing in the trace has any', () => {
    const before = Date.now()
    const store = storeOf(write([{ id: 1 }]), write([{ id: 2, parent: 1 }]))
    const { start, duration } = shown(store)
    expect(start + BASE).toBeGreaterThanOrEqual(before)
    expect(start + BASE).toBeLessThanOrEqual(Date.now())
    expect(duration).toBe(0)
  })

  it('is in a circle without an end', () => {
    const store = storeOf(
      write([
        { id: 1, parent: 2 },
        { id: 2, parent: 1 },
      ]),
    )
    expect(shown(store).duration).toBe(0)
  })

  it('that ended never has a duration that is not known', () => {
    const { spans } = shown(storeOf(write([{ id: 1, at: 5 }])))
    expect(spans.s1).toEqual({ offset: 0, duration: 0, unknown: ['duration'] })
  })

  it('is placed alike in whatever order the trace comes', () => {
    const span = fc.record({
      parent: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      at: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
      took: fc.integer({ min: 1, max: 50 }),
    })
    const spans = fc
      .array(span, { minLength: 1, maxLength: 9 })
      .map((list) => list.map((each, index) => ({ ...each, id: index + 1 })))
      .filter((list) => list.some(({ at }) => at !== undefined))
    const orders = spans.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(orders, ([list, order]) => {
        const whole = shown(storeOf(write(list)))
        expect(shown(storeOf(...order.map((each) => write([each]))))).toEqual(whole)
        const timed = list.flatMap(({ at, took }) => (at === undefined ? [] : [{ at, took }]))
        expect(whole.start).toBe(Math.min(...timed.map(({ at }) => at)))
      }),
      { numRuns: 60 },
    )
  })
})

describe('A span without a time above spans of one microsecond', () => {
  it('begins with the first of them, to the nanosecond', () => {
    const span = (id: number, nanos?: string) => ({
      ...{ traceId: TRACE, spanId: spanId(id), name: `s${id}` },
      ...(id === 1 ? {} : { parentSpanId: spanId(1) }),
      ...(nanos && {
        startTimeUnixNano: `${BASE * 1000}${nanos}`,
        endTimeUnixNano: `${BASE * 1000}999`,
      }),
    })
    const spans = [span(2, '900'), span(3, '100'), span(4, '500'), span(1)]
    const store = storeOf({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const placed = store.traces.get(TRACE)?.spans.find(({ name }) => name === 's1')
    expect(placed).toMatchObject({ micros: BASE * 1000, nanos: 100 })
  })
})

describe('A time that is said in part', () => {
  it('is that of the first event, else of the end', () => {
    const span = {
      traceId: TRACE,
      spanId: spanId(1),
      name: 's1',
      endTimeUnixNano: `${BASE + 9}000000`,
    }
    const event = { timeUnixNano: `${BASE + 4}000000`, name: 'e' }
    const of = (one: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [one] }] }] })
    expect(shown(storeOf(of(span)))).toMatchObject({ start: 9, duration: 0 })
    expect(shown(storeOf(of({ ...span, events: [event] })))).toMatchObject({
      start: 4,
      duration: 5,
      spans: { s1: { unknown: ['start', 'duration'] } },
    })
  })

  it('has no duration where the end lies before the begin', () => {
    const span = {
      ...{ traceId: TRACE, spanId: spanId(1), name: 's1' },
      ...{ startTimeUnixNano: `${BASE}000000`, endTimeUnixNano: `${BASE - 5}000000` },
    }
    const store = storeOf({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    expect(shown(store).spans.s1).toEqual({ offset: 0, duration: 0, unknown: ['duration'] })
  })

  it('keeps a duration that is said without a begin', () => {
    const store = storeOf(
      zipkin([
        { id: 1, at: 5, took: 20 },
        { id: 2, parent: 1, took: 3 },
      ]),
      jaeger([{ id: 3, parent: 1, took: 4 }]),
    )
    expect(shown(store).spans).toMatchObject({
      s2: { offset: 0, duration: 3, unknown: ['start'] },
      s3: { offset: 0, duration: 4, unknown: ['start'] },
    })
  })

  it.each([
    ['digits', String],
    ['a number', Number],
  ])('is read from %s', (_, as) => {
    const time = as((BASE + 2) * 1000)
    const took = as(3000)
    const ids = { name: 's1', traceId: TRACE, id: spanId(1), timestamp: time, duration: took }
    const inJaeger = {
      ...{
        traceID: TRACE,
        spanID: spanId(2),
        operationName: 's2',
        startTime: time,
        duration: took,
      },
    }
    const store = storeOf([ids], { data: [{ spans: [inJaeger], processes: {} }] })
    expect(shown(store)).toMatchObject({ start: 2, duration: 3 })
  })

  it.each(['soon', -5, null, {}, true, '2024-01-01'])('is unknown when it is %p', (time) => {
    const span = { traceId: TRACE, id: spanId(2), parentId: spanId(1), name: 's2', timestamp: time }
    const store = storeOf(zipkin([{ id: 1, at: 5, took: 20 }]), [span])
    expect(shown(store)).toMatchObject({ start: 5, duration: 20 })
  })

  it('is left unsaid in what is exported, so that it comes back as it was', () => {
    const store = storeOf(
      zipkin([
        { id: 1, at: 5, took: 20 },
        { id: 2, parent: 1 },
      ]),
    )
    const file = toOtlpJson({ traces: [...store.traces.values()], logs: [] })
    expect(shown(storeOf(file))).toEqual(shown(store))
  })
})
