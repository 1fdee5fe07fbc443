import { context, trace } from '@opentelemetry/api'
import { createRecorderProvider, type EndedSpan } from '../src/index.ts'

function recording(): { ended: EndedSpan[]; tracer: ReturnType<typeof trace.getTracer> } {
  const ended: EndedSpan[] = []
  const sink = { add: (span: EndedSpan) => ended.push(span) }
  return { ended, tracer: createRecorderProvider({ sink }).getTracer('test') }
}

test('times that are not given are those of the clock', () => {
  const { ended, tracer } = recording()
  const before = Date.now()
  tracer.startSpan('one').addEvent('now').end()
  const millisOf = (time: readonly [number, number] | undefined): number =>
    (time?.[0] ?? 0) * 1000 + (time?.[1] ?? 0) / 1e6
  const [span] = ended
  for (const time of [span?.startTime, span?.eventList?.[0]?.time, span?.endTime]) {
    expect(millisOf(time)).toBeGreaterThanOrEqual(before)
    expect(millisOf(time)).toBeLessThan(before + 5000)
  }
})

test('every id is drawn once, in lower-case hexadecimal', () => {
  const { ended, tracer } = recording()
  for (let index = 0; index < 5000; index++) tracer.startSpan('one').end()
  const ids = ended.map((span) => span.spanContext())
  expect(new Set(ids.map(({ spanId }) => spanId)).size).toBe(5000)
  expect(new Set(ids.map(({ traceId }) => traceId)).size).toBe(5000)
  expect(ids.every(({ spanId }) => /^[0-9a-f]{16}$/.test(spanId))).toBe(true)
  expect(ids.every(({ traceId }) => /^[0-9a-f]{32}$/.test(traceId))).toBe(true)
})

test('startActiveSpan takes its three forms, and gives back what the callback gives', () => {
  const { ended, tracer } = recording()
  const given = tracer.startActiveSpan('one', (one) => {
    one.end()
    return tracer.startActiveSpan('two', { kind: 2 }, (two) => {
      two.end()
      const around = trace.setSpan(context.active(), two)
      return tracer.startActiveSpan('three', {}, around, (three) => {
        three.end()
        return 'given'
      })
    })
  })
  expect(given).toBe('given')
  const [, two, three] = ended
  expect(two?.kind).toBe(2)
  expect(three?.parentSpanContext).toEqual(two?.spanContext())
})
