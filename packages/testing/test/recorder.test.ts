import { assertSpan, createMetricRecorder, createRecorder } from '@callchain/testing'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { context, metrics, propagation, trace } from '@opentelemetry/api'

const tracer = () => trace.getTracer('test')

afterEach(() => {
  trace.disable()
  context.disable()
  propagation.disable()
  metrics.disable()
})

describe('the span recorder with the spans of our own recorder', () => {
  it('shows them as the SDK would, open and ended', async () => {
    const recorder = createRecorder({ provider: 'recorder' })
    const span = tracer().startSpan('a', { attributes: { list: [1], ['__proto__']: 'kept' } })
    expect(recorder.open()).toMatchObject([{ name: 'a', ended: false, attributes: { list: [1] } }])
    span.updateName('b').addEvent('event', { key: 1 }).end()
    await recorder.settled()
    const [ended] = recorder.take(1)
    expect(ended).toMatchObject({
      name: 'b',
      ended: true,
      events: [{ name: 'event', attributes: { key: 1 }, droppedAttributesCount: 0 }],
      instrumentationScope: { name: 'test' },
      links: [],
    })
    expect(Object.entries(ended?.attributes ?? {})).toContainEqual(['__proto__', 'kept'])
    expect(() => createRecorder({ provider: 'none' as never })).toThrow(
      "provider of createRecorder() cannot be 'none'; allowed: 'sdk', 'recorder'",
    )
  })

  it('leaves out what the sampler leaves out, and what was only recorded', () => {
    const decisions = [0, 1, 2]
    const sampler = { shouldSample: () => ({ decision: decisions.shift() ?? 0 }), toString: String }
    const recorder = createRecorder({ provider: 'recorder', sampler })
    for (const name of ['left out', 'recorded', 'sampled']) tracer().startSpan(name).end()
    expect(recorder.spans().map(({ name }) => name)).toEqual(['sampled'])
    expect(recorder.open()).toEqual([])
  })
})

describe('the span recorder', () => {
  it('keeps spans in the order in which they ended, until they are taken', () => {
    const recorder = createRecorder()
    const outer = tracer().startSpan('outer')
    tracer().startSpan('inner').end()
    expect(recorder.open().map(({ name }) => name)).toEqual(['outer'])
    outer.end()
    expect(recorder.spans().map(({ name }) => name)).toEqual(['inner', 'outer'])
    expect(recorder.take(1).map(({ name }) => name)).toEqual(['inner'])
    expect(recorder.spans().map(({ name }) => name)).toEqual(['outer'])
    expect(() => recorder.take(2)).toThrow("expected 2 spans; ended: 'outer'; still open: none")
  })

  it("gives up waiting in real time, also under a test's fake timers", async () => {
    jest.useFakeTimers()
    try {
      const recorder = createRecorder()
      const timeout = 5
      await expect(recorder.waitFor(1, { timeout })).rejects.toThrow('waited 5 ms for 1 spans')
      tracer().startSpan('open')
      await expect(recorder.settled({ timeout })).rejects.toThrow("still open: 'open'")
    } finally {
      jest.useRealTimers()
    }
  })

  it('leaves no timer after what it waited for has come, under fake timers as well', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')
    const before = timers()
    jest.useFakeTimers()
    try {
      const recorder = createRecorder()
      const waiting = recorder.waitFor(1)
      tracer().startSpan('one').end()
      await waiting
      expect(timers()).toEqual(before)
    } finally {
      jest.useRealTimers()
    }
  })

  it('refuses an option that it does not know', () => {
    expect(() => createRecorder({ registr: false } as never)).toThrow(
      "createRecorder() has no option 'registr'; did you mean 'register'?",
    )
  })

  it('resolves as soon as what is waited for has ended', async () => {
    const recorder = createRecorder()
    const waiting = recorder.waitFor((spans) => spans.some(({ name }) => name === 'second'))
    tracer().startSpan('first').end()
    tracer().startSpan('second').end()
    expect((await waiting).map(({ name }) => name)).toEqual(['first', 'second'])
    await expect(recorder.waitFor(2)).resolves.toHaveLength(2)
  })

  it('rejects in time, and lists what there is', async () => {
    const recorder = createRecorder()
    const open = tracer().startSpan('open')
    tracer().startSpan('ended').end()
    await expect(recorder.waitFor(2, { timeout: 10 })).rejects.toThrow(
      "waited 10 ms for 2 spans; ended: 'ended'; still open: 'open'",
    )
    await expect(recorder.settled({ timeout: 10 })).rejects.toThrow('every span to end')
    open.end()
    await recorder.settled()
  })

  it('takes back what it registered, so that another can follow', async () => {
    const first = createRecorder()
    expect(() => createRecorder()).toThrow('already registered')
    await first.shutdown()
    const second = createRecorder()
    tracer().startSpan('span').end()
    expect([first.spans().length, second.spans().length]).toEqual([0, 1])
    second.reset()
    expect(second.spans()).toEqual([])
  })

  it('registers nothing when told so', () => {
    const recorder = createRecorder({ register: false })
    tracer().startSpan('global').end()
    recorder.provider.getTracer('test').startSpan('own').end()
    expect(recorder.spans().map(({ name }) => name)).toEqual(['own'])
  })
})

describe('assertSpan()', () => {
  it('throws for what differs, and looks at nothing else', () => {
    const recorder = createRecorder()
    tracer()
      .startSpan('span', { attributes: { a: 1, b: 2 } })
      .end()
    const [span] = recorder.spans()
    assertSpan(span, { name: 'span', attributes: { a: 1, c: undefined } })
    expect(() => assertSpan(span, { attributes: { a: 2 } })).toThrow()
    expect(() => assertSpan(span, { attributes: { a: undefined } })).toThrow()
    expect(() => assertSpan(span, { status: 'error' })).toThrow()
    expect(() => assertSpan(undefined, {})).toThrow('there is no span')
  })
})

describe('the metric recorder', () => {
  it('keeps sums and histograms by their attributes', async () => {
    const recorder = createMetricRecorder()
    const meter = metrics.getMeter('test')
    meter.createCounter('drops').add(3, { reason: 'size' })
    const duration = meter.createHistogram('duration')
    duration.record(0.2)
    duration.record(0.3)
    expect(await recorder.points('drops')).toMatchObject([
      { attributes: { reason: 'size' }, sum: 3, count: 1 },
    ])
    expect(await recorder.points('duration')).toMatchObject([{ sum: 0.5, count: 2 }])
    expect(await recorder.points('nothing')).toEqual([])
    await recorder.shutdown()
  })
})
