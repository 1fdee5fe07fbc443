import { keepTrace } from '@callchain/core'
import { EDGE_JOIN_KEY, emitLogLine, WITHDRAWN } from '@callchain/core/internal'
import { describe, expect, it, jest } from '@jest/globals'
import {
  context,
  createTraceState,
  metrics,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { createKeepToken, isKeepToken } from '../../src/keep/keep-token.ts'
import { said, start } from '../tracing-session.ts'
import { fail, request, sent, sentLines, startKeeping } from './kept-session.ts'

const NONE = { share: 0, slowerThan: false, remember: 0 } as const

/** A caller in another process. */
function caller(traceFlags: number, traceState?: string): SpanContext {
  return {
    traceId: 'ab'.repeat(16),
    spanId: 'cd'.repeat(8),
    traceFlags,
    isRemote: true,
    ...(traceState !== undefined && { traceState: createTraceState(traceState) }),
  }
}

// Both kinds of recording: our recorder, and OpenTelemetry's SDK where the application has processors.
const PROCESSOR = {
  onStart() {},
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
}

describe.each([
  ['the recorder', {}],
  ["OpenTelemetry's SDK", { spanProcessors: [PROCESSOR] }],
])('what is kept, with %s', (_, options) => {
  it('is whole where a statement failed, and nothing where all went well', async () => {
    await startKeeping(NONE, options)
    for (let count = 0; count < 20; count++) request()
    const failed = request({ statement: fail })
    const spans = await sent()
    expect(spans.map(({ name }) => name).sort()).toEqual(['GET /orders', 'SELECT'])
    expect(spans.every(({ traceId }) => traceId === failed.traceId)).toBe(true)
    // Sampled, and certain: whoever counts counts it once.
    expect(spans.map(({ flags }) => flags & 1)).toEqual([1, 1])
    expect(spans.map(({ traceState }) => traceState)).toEqual(['ot=th:0', 'ot=th:0'])
    const [root] = spans.filter(({ name }) => name === 'GET /orders')
    expect(root?.attributes['callchain.kept']).toBe('failed')
  })

  it('is a request that ends with an error of the server, never with one of the client', async () => {
    await startKeeping(NONE, options)
    request({ fails: true, attributes: { 'http.response.status_code': 500 } })
    request({
      statement: (span) => {
        fail(span)
        span.setAttribute('http.response.status_code', 404)
      },
    })
    expect(await sent()).toHaveLength(2)
  })

  it('is what was slow', async () => {
    await startKeeping({ ...NONE, slowerThan: '250ms' }, options)
    request({ millis: 249 })
    request({ millis: 250 })
    const spans = await sent()
    expect(spans.map(({ attributes }) => attributes['callchain.kept']).sort()).toEqual([
      'slow',
      undefined,
    ])
  })

  it('is what its caller has kept, with the probability that the caller says', async () => {
    await startKeeping(NONE, options)
    request({ parent: caller(1, 'ot=th:8,a=b') })
    const spans = await sent()
    expect(spans.map(({ traceState }) => traceState)).toEqual(['ot=th:8,a=b', 'ot=th:8,a=b'])
  })

  it('is a share of the rest, with its threshold', async () => {
    await startKeeping({ ...NONE, share: 0.25 }, options)
    for (let count = 0; count < 400; count++) request()
    const spans = await sent()
    // Six standard deviations around 100 traces of two spans.
    expect(Math.abs(spans.length / 2 - 100)).toBeLessThan(53)
    expect(new Set(spans.map(({ traceState }) => traceState))).toEqual(new Set(['ot=th:c']))
    for (const { traceId } of spans) {
      expect(BigInt(`0x${traceId.slice(-14)}`)).toBeGreaterThanOrEqual(0xcn << 52n)
    }
  })

  it('is what the application asks for, from then on and before', async () => {
    await startKeeping(NONE, options)
    expect(keepTrace()).toBe(false)
    const tracer = trace.getTracer('test')
    tracer.startActiveSpan('job', (span) => {
      tracer.startSpan('before').end()
      expect(keepTrace('case 4711')).toBe(true)
      const after = tracer.startSpan('after')
      // The services below hear of it.
      expect(after.spanContext().traceFlags & 1).toBe(1)
      after.end()
      span.end()
    })
    const spans = await sent()
    expect(spans.map(({ name }) => name).sort()).toEqual(['after', 'before', 'job'])
    const [job] = spans.filter(({ name }) => name === 'job')
    expect(job?.attributes).toEqual({
      'callchain.kept': 'forced',
      'callchain.kept.note': 'case 4711',
    })
  })

  it('is never what was taken back', async () => {
    await startKeeping({ ...NONE, share: 1 }, options)
    const tracer = trace.getTracer('test')
    tracer.startActiveSpan('job', (span) => {
      const taken = tracer.startSpan('taken back')
      Reflect.set(taken, WITHDRAWN, true)
      taken.end()
      span.end()
    })
    expect((await sent()).map(({ name }) => name)).toEqual(['job'])
  })

  it('goes by rules: none of a route, all of a tenant', async () => {
    const rules = [
      { route: '/health*', share: 0 },
      { tenant: 'acme', share: 1 },
    ]
    await startKeeping({ ...NONE, share: 1, rules }, options)
    request({ attributes: { 'url.path': '/health/live' } })
    expect(await sent()).toHaveLength(0)
    const acme = request({ parent: caller(0), attributes: { 'tenant.id': 'acme' } })
    const spans = await sent()
    expect(spans.every(({ traceId }) => traceId === acme.traceId)).toBe(true)
    expect(spans.map(({ attributes }) => attributes['callchain.kept'])).toContain('rule')
  })

  it('is bounded for each second, and then nobody knows how likely it was', async () => {
    await startKeeping({ ...NONE, perSecond: 3 }, options)
    for (let count = 0; count < 20; count++) request({ statement: fail })
    const spans = await sent()
    expect(spans).toHaveLength(6)
    request({ name: 'GET /rare', statement: fail })
    expect((await sent()).slice(6).every(({ traceState }) => traceState === undefined)).toBe(true)
  })

  it('waits within a bound: a part of too many spans is given up, and kept again when it fails', async () => {
    await startKeeping(NONE, options)
    const tracer = trace.getTracer('test')
    tracer.startActiveSpan('stream', (span) => {
      for (let count = 0; count < 1500; count++) tracer.startSpan('chunk').end()
      const failing = tracer.startSpan('failing')
      fail(failing)
      failing.end()
      span.end()
    })
    expect((await sent()).map(({ name }) => name)).toEqual(['failing', 'stream'])
  })

  it('is judged as it stands when tracing stops', async () => {
    const tracing = await startKeeping({ ...NONE, slowerThan: 1 }, options)
    const tracer = trace.getTracer('test')
    const began = performance.now()
    const open = tracer.startSpan('open', { kind: SpanKind.SERVER })
    const child = tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, open))
    child.end()
    while (performance.now() - began < 2);
    await tracing.shutdown()
    expect((await sent()).map(({ name }) => name)).toEqual(['child'])
  })
})

describe('the counters', () => {
  it('say what was kept, by reason, and how many spans were let go, also after the first', async () => {
    await startKeeping(NONE)
    request()
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 })
    const provider = new MeterProvider({ readers: [reader] })
    metrics.setGlobalMeterProvider(provider)
    try {
      request()
      request({ statement: fail })
      await reader.forceFlush()
    } finally {
      await provider.shutdown()
      metrics.disable()
    }
    const points = exporter
      .getMetrics()
      // It is shut down with another export of the same.
      .slice(0, 1)
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => [descriptor.name, attributes, value]),
      )
    expect(points).toEqual([
      ['callchain.keep.parts', { 'callchain.kept': 'failed' }, 1],
      ['callchain.keep.dropped_spans', {}, 2],
    ])
  })
})

describe('a part that was not kept', () => {
  it('is rescued while it is remembered', async () => {
    await startKeeping({ ...NONE, remember: '10s' })
    const { traceId } = request({ parent: caller(0) })
    for (let count = 0; count < 10; count++) request()
    expect(await sent()).toHaveLength(0)
    const keeper = Reflect.get(globalThis, Symbol.for('callchain.0.traceKeeper'))
    keeper.hear(`${'00'.repeat(16)},${traceId},nonsense`)
    const spans = await sent()
    expect(spans).toHaveLength(2)
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
    expect(spans.map(({ attributes }) => attributes['callchain.kept'])).toContain('late')
    // A rescued part was kept by chance.
    expect(spans.every(({ traceState }) => traceState === undefined)).toBe(true)
  })

  it('is forgotten when there is no more memory for it', async () => {
    await startKeeping({ ...NONE, remember: '10s', memory: '10 kB' })
    const first = request()
    for (let count = 0; count < 10; count++) request()
    Reflect.get(globalThis, Symbol.for('callchain.0.traceKeeper')).hear(first.traceId)
    expect(await sent()).toHaveLength(0)
  })
})

describe('a stranger', () => {
  it('cannot make itself kept by the trace id that it chooses', async () => {
    await startKeeping({ ...NONE, share: 0.5 })
    let kept = 0
    for (let count = 0; count < 200; count++) {
      // Of its own choice, this one would always be kept.
      const traceId = `${count.toString(16).padStart(18, 'a')}${'f'.repeat(14)}`
      const joined = { ...caller(0), traceId }
      const base = trace.setSpanContext(ROOT_CONTEXT, joined).setValue(EDGE_JOIN_KEY, true)
      const span = trace.getTracer('test').startSpan('GET', { kind: SpanKind.SERVER }, base)
      if ((span.spanContext().traceFlags & 1) === 1) kept++
      span.end()
    }
    expect(kept).toBeGreaterThan(50)
    expect(kept).toBeLessThan(150)
  })
})

describe('the options', () => {
  it('say what cannot be', () => {
    const refuse = (keep: object, text: string): void => {
      expect(() => start({ keep })).toThrow(text)
    }
    refuse({ share: 2 }, 'keep.share of startTracing() cannot be 2; allowed: a number from 0 to 1')
    refuse({ slowerThan: 'soon' }, "allowed: milliseconds, or a time such as '250ms', '1s' or '2m'")
    refuse({ slowerThan: { entry: 0.99 } }, 'keep.slowerThan.inner of startTracing()')
    refuse({ rules: [{ route: '/a' }] }, 'share of keep.rules[0] of startTracing()')
    refuse({ rules: [{ tenants: 'a' }] }, "did you mean 'tenant'")
    refuse({ memory: '16 GB' }, "allowed: bytes, or a size such as '16 MB'")
    refuse({ sharing: 1 }, "did you mean 'keep.share'")
  })

  it('warn that a sampler leaves out for good', async () => {
    await startKeeping(NONE, { sampler: 'always_off' })
    request({ statement: fail })
    expect(await sent()).toHaveLength(0)
    expect(said().join('')).toContain('traces that the sampler leaves out are not kept')
  })
})

it('leaves nothing behind', async () => {
  const tracing = await startKeeping(NONE)
  await tracing.shutdown()
  expect(Reflect.get(globalThis, Symbol.for('callchain.0.traceKeeper'))).toBeUndefined()
})

describe('a token', () => {
  const KEY = 'a secret of all services'

  it('is good with its key, and until its time', () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 })
    try {
      const token = createKeepToken(KEY, 60)
      expect(isKeepToken(KEY, token)).toBe(true)
      expect(isKeepToken('another secret of some length', token)).toBe(false)
      expect(isKeepToken(KEY, token.replace(/^[0-9]+/, '1800003600'))).toBe(false)
      jest.advanceTimersByTime(60_000)
      expect(isKeepToken(KEY, token)).toBe(false)
    } finally {
      jest.useRealTimers()
    }
  })

  it('is good for a day at most', () => {
    expect(() => createKeepToken(KEY, 86_401)).toThrow('allowed: a whole number from 1 to 86400')
    expect(() => start({ keep: { forceKey: 'short' } })).toThrow(
      'allowed: a string of 16 characters or more',
    )
  })
})

describe('log lines that are sent', () => {
  it('follow their trace, and warnings go out in any case', async () => {
    await startKeeping(NONE, { logs: 'otlp' })
    const tracer = trace.getTracer('test')
    const log = (level: string, msg: string): void => {
      emitLogLine({ context: context.active(), line: { level, msg } })
    }
    log('info', 'outside of every trace')
    tracer.startActiveSpan('well', (span) => {
      log('info', 'of a trace that went well')
      log('warn', 'a warning')
      span.end()
    })
    tracer.startActiveSpan('failing', (span) => {
      log('info', 'before the failure')
      fail(span)
      span.end()
    })
    expect((await sentLines()).sort()).toEqual([
      'a warning',
      'before the failure',
      'outside of every trace',
    ])
  })
})
