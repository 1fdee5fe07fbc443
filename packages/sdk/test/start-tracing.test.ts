import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { context, propagation, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import { startTracing } from '../src/index.ts'
import { said, start } from './tracing-session.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function recordSpan(): Span {
  const span = trace.getTracer('test').startSpan('one')
  span.end()
  return span
}

describe('startTracing', () => {
  it('keeps the context across await, and sends spans to an exporter of your own', async () => {
    const exporter = new InMemorySpanExporter()
    const tracing = start({ exporter, serviceName: 'a' })
    const tracer = trace.getTracer('test')
    await tracer.startActiveSpan('parent', async (parent) => {
      await new Promise((resolve) => setImmediate(resolve))
      tracer.startSpan('child').end()
      parent.end()
    })
    await tracing.flush()
    const [child, parent] = exporter.getFinishedSpans()
    expect(child?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId)
  })

  it('called twice, warns and returns what the first call did', () => {
    const first = start({ exporter: 'none', serviceName: 'a' })
    expect(startTracing({ exporter: 'none', serviceName: 'b' })).toBe(first)
    expect(said()).toEqual([
      'callchain: startTracing() was called again; only the first call has an effect\n',
    ])
  })

  it('can be started again after a shutdown', async () => {
    await start({ exporter: 'none', serviceName: 'a' }).shutdown()
    const exporter = new InMemorySpanExporter()
    const tracing = start({ exporter, serviceName: 'a' })
    recordSpan()
    await tracing.flush()
    expect(exporter.getFinishedSpans()).toHaveLength(1)
    expect(said()).toEqual([])
  })

  it('leaves only the context manager after a shutdown, for requests in progress', async () => {
    const listeners = ['SIGTERM', 'SIGINT', 'beforeExit']
    const before = listeners.map((name) => process.listenerCount(name))
    await start({ exporter: 'none', serviceName: 'a' }).shutdown()
    expect(recordSpan().isRecording()).toBe(false)
    expect(propagation.fields()).toEqual([])
    const entered = ROOT_CONTEXT.setValue(Symbol.for('x'), 1)
    expect(context.with(entered, () => context.active())).toBe(entered)
    expect(listeners.map((name) => process.listenerCount(name))).toEqual(before)
  })

  it('does not take over when another SDK is there, and says so', async () => {
    trace.setGlobalTracerProvider(new TracerProvider())
    try {
      const exporter = new InMemorySpanExporter()
      await start({ exporter, serviceName: 'a' }).flush()
      recordSpan()
      expect(exporter.getFinishedSpans()).toEqual([])
      expect(said()).toEqual([
        expect.stringContaining('another OpenTelemetry SDK (TracerProvider) was started first'),
      ])
    } finally {
      trace.disable()
    }
  })

  it('names the headers of another SDK that stay', async () => {
    trace.setGlobalTracerProvider(new TracerProvider())
    propagation.setGlobalPropagator({
      fields: () => ['x-other', 'baggage'],
      inject: () => {},
      extract: (within) => within,
    })
    try {
      await start({ exporter: 'none', serviceName: 'a' }).shutdown()
      expect(said()).toEqual([
        expect.stringContaining('and its headers are used (x-other, baggage)'),
      ])
    } finally {
      trace.disable()
      propagation.disable()
    }
  })

  it('records nothing when OTEL_SDK_DISABLED, but still propagates', () => {
    start({}, { OTEL_SDK_DISABLED: 'true' })
    expect(recordSpan().isRecording()).toBe(false)
    expect(propagate({ traceparent: TRACEPARENT })).toMatchObject({ traceparent: TRACEPARENT })
  })

  it('lets the option enable what the variable disables', () => {
    start({ disabled: false, exporter: 'none', serviceName: 'a' }, { OTEL_SDK_DISABLED: 'true' })
    expect(trace.getTracer('test').startSpan('one').isRecording()).toBe(true)
  })

  it('runs processors of your own', () => {
    const ended: string[] = []
    const idle = async (): Promise<void> => {}
    const onEnd = (span: ReadableSpan): void => void ended.push(span.name)
    const processor = { onStart() {}, onEnd, forceFlush: idle, shutdown: idle }
    start({ exporter: 'none', serviceName: 'a', spanProcessors: [processor] })
    recordSpan()
    expect(ended).toEqual(['one'])
  })

  it('takes span limits from options, else from the environment', async () => {
    const exporter = new InMemorySpanExporter()
    const variables = {
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3',
    }
    const tracing = start(
      { exporter, serviceName: 'a', spanLimits: { eventCountLimit: 1 } },
      variables,
    )
    const span = trace.getTracer('test').startSpan('one', { attributes: { a: 'abcdef', b: 1 } })
    span.addEvent('x').addEvent('y').end()
    await tracing.flush()
    const [ended] = exporter.getFinishedSpans()
    expect(ended?.attributes).toEqual({ a: 'abc' })
    expect(ended?.events).toHaveLength(1)
  })
})

describe('the name of the service', () => {
  it('is the one in the package.json of the application unless one is set', async () => {
    const exporter = new InMemorySpanExporter()
    const tracing = start({ exporter })
    recordSpan()
    await tracing.flush()
    // Jest is an installed program, so the working directory is the application.
    expect(exporter.getFinishedSpans()[0]?.resource.attributes).toMatchObject({
      'service.name': 'callchain',
      'service.version': expect.stringMatching(/^\d/),
    })
  })
})

describe('malformed variables', () => {
  it.each([
    ['OTEL_TRACES_EXPORTER', 'jaeger', /a list of otlp, zipkin, console, none; using otlp/],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'localhost:4318',
      /an http or https URL; using http:\/\/localhost:4318\/v1\/traces/,
    ],
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'thrift',
      /one of http\/protobuf, http\/json, grpc; using http\/protobuf/,
    ],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', /a whole number from 1 to \d+; using 10000/],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', /one of gzip, none; using none/],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/no/such', /a readable file; using none/],
    [
      'OTEL_TRACES_SAMPLER',
      'sometimes',
      /one of parentbased_always_on, .*; using parentbased_always_on/,
    ],
    ['OTEL_PROPAGATORS', 'w3c', /a list of tracecontext, .*; using tracecontext,baggage/],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '-1', /a whole number of 1 or more; using 2048/],
    ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '4096', /at most the queue's size, 2048; using 2048/],
    ['OTEL_BSP_SCHEDULE_DELAY', 'soon', /a whole number from 0 to \d+; using 5000/],
    ['OTEL_BSP_EXPORT_TIMEOUT', '0', /a whole number from 1 to \d+; using 30000/],
    ['OTEL_ATTRIBUTE_COUNT_LIMIT', '1.5', /a whole number of 0 or more; using 128/],
    ['OTEL_SDK_DISABLED', 'yes', /true or false; using false/],
    [
      'OTEL_RESOURCE_ATTRIBUTES',
      'a=%zz',
      /a list key1=value1,key2=value2, percent-encoded; using none of it/,
    ],
  ])('%s=%s gets one warning', (name, value, rest) => {
    start({ serviceName: 'a' }, { [name]: value })
    expect(said()).toHaveLength(1)
    expect(said()[0]).toMatch(new RegExp(`^callchain: ${name}="${value}" is not ${rest.source}\n$`))
  })

  it('a malformed ratio samples everything', () => {
    start(
      { serviceName: 'a', exporter: 'none' },
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '110%' },
    )
    expect(said()).toEqual([
      'callchain: OTEL_TRACES_SAMPLER_ARG="110%" is not a number from 0 to 1; using 1\n',
    ])
    expect(recordSpan().spanContext().traceFlags).toBe(1)
  })

  it('headers are never shown', () => {
    start({ serviceName: 'a' }, { OTEL_EXPORTER_OTLP_HEADERS: 'authorization: Bearer s3cret' })
    expect(said().join()).toContain('OTEL_EXPORTER_OTLP_HEADERS')
    expect(said().join()).not.toContain('s3cret')
  })

  it('empty ones count as unset', () => {
    start({ serviceName: 'a' }, { OTEL_TRACES_EXPORTER: '', OTEL_BSP_SCHEDULE_DELAY: ' ' })
    expect(said()).toEqual([])
  })
})

describe('malformed options', () => {
  it.each([
    [
      { serviceName: '' },
      "serviceName of startTracing() cannot be ''; allowed: a non-empty string",
    ],
    [
      { exporter: 'jaeger' },
      "exporter of startTracing() cannot be 'jaeger'; allowed: 'otlp', 'zipkin', 'console', 'none'",
    ],
    [{ exporter: {} }, "exporter of startTracing() cannot be {}; allowed: 'otlp'"],
    [
      { endpoint: 'localhost:4318' },
      "endpoint of startTracing() cannot be 'localhost:4318'; allowed: an http or https URL",
    ],
    [
      { protocol: 'thrift' },
      "protocol of startTracing() cannot be 'thrift'; allowed: 'http/protobuf', 'http/json', 'grpc'",
    ],
    [
      { headers: { a: 1 } },
      'headers of startTracing() cannot be the given value (hidden: it may contain a secret)',
    ],
    [{ timeoutMillis: 0 }, 'timeoutMillis of startTracing() cannot be 0; allowed: a whole number'],
    [{ timeoutMillis: '10' }, "timeoutMillis of startTracing() cannot be '10'; allowed: a whole"],
    [{ sampler: 1.5 }, "sampler of startTracing() cannot be 1.5; allowed: 'parentbased_always_on'"],
    [
      { propagators: ['w3c'] },
      "propagators of startTracing() cannot be [ 'w3c' ]; allowed: an array of the names tracecontext",
    ],
    [
      { propagator: {} },
      'propagator of startTracing() cannot be {}; allowed: a propagator (with inject, extract, fields)',
    ],
    [
      { batch: { maxQueueSize: 0 } },
      'batch.maxQueueSize of startTracing() cannot be 0; allowed: a whole number of 1 or more',
    ],
    [
      { batch: { maxQueueSize: 1, maxExportBatchSize: 2 } },
      'batch.maxExportBatchSize of startTracing() cannot be 2; allowed: at most maxQueueSize (1)',
    ],
    [
      { batch: { maxQueSize: 1 } },
      "no option 'batch.maxQueSize'; did you mean 'batch.maxQueueSize'",
    ],
    [
      { spanLimits: { linkCountLimit: -1 } },
      'spanLimits.linkCountLimit of startTracing() cannot be -1; allowed: a whole number',
    ],
    [
      { spanLimits: { linkCountLimt: 1 } },
      "no option 'spanLimits.linkCountLimt'; did you mean 'spanLimits.linkCountLimit'?",
    ],
    [
      { exitTimeoutMillis: Number.NaN },
      'exitTimeoutMillis of startTracing() cannot be NaN; allowed: a whole number from 0',
    ],
    [
      { servicename: 'a' },
      "startTracing() has no option 'servicename'; did you mean 'serviceName'?",
    ],
  ])('%j is refused', (options, message) => {
    const call = (): unknown => Reflect.apply(startTracing, undefined, [options])
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
  })
})

function propagate(headers: Record<string, string>): Record<string, string> {
  const carrier: Record<string, string> = {}
  propagation.inject(propagation.extract(ROOT_CONTEXT, headers), carrier)
  return carrier
}

function readTenant(headers: Record<string, string>): string | undefined {
  return propagation.getBaggage(propagation.extract(ROOT_CONTEXT, headers))?.getEntry('tenant.id')
    ?.value
}

describe('propagators', () => {
  it('are tracecontext and baggage by default', () => {
    start({ exporter: 'none', serviceName: 'a' })
    expect(propagate({ traceparent: TRACEPARENT })).toMatchObject({ traceparent: TRACEPARENT })
    expect(readTenant({ baggage: 'tenant.id=acme' })).toBe('acme')
  })

  it('can be one of the two alone', () => {
    start({ exporter: 'none', serviceName: 'a', propagators: ['tracecontext'] })
    expect(propagate({ traceparent: TRACEPARENT })).toMatchObject({ traceparent: TRACEPARENT })
    expect(readTenant({ baggage: 'tenant.id=acme' })).toBeUndefined()
    expect(propagation.fields()).toEqual(['traceparent', 'tracestate'])
  })

  it.each([
    ['b3', ['b3']],
    ['b3multi', ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled']],
    ['jaeger', ['uber-trace-id']],
    ['xray', ['x-amzn-trace-id']],
  ])('%s comes from its own package, beside the default ones', (name, expected) => {
    start(
      { exporter: 'none', serviceName: 'a' },
      { OTEL_PROPAGATORS: `tracecontext,baggage,${name}` },
    )
    const sent = Object.keys(propagate({ traceparent: TRACEPARENT })).map((key) =>
      key.toLowerCase(),
    )
    expect(sent).toEqual(expect.arrayContaining(['traceparent', ...expected]))
    expect(said()).toEqual([])
  })

  describe('whose package is not installed', () => {
    const missing =
      'the package @opentelemetry/propagator-b3 is missing; install it with "npm i @opentelemetry/propagator-b3"'
    const [, mainModule = ''] = process.argv

    beforeEach(() => {
      const elsewhere = join(tmpdir(), 'application.js')
      jest.spyOn(process, 'cwd').mockReturnValue(tmpdir())
      process.argv[1] = elsewhere
    })

    afterEach(() => {
      process.argv[1] = mainModule
    })

    it('are an error in code', () => {
      expect(() => startTracing({ serviceName: 'a', propagators: ['b3'] })).toThrow(missing)
      expect(propagation.fields()).toEqual([])
    })

    it('are a warning in the environment', () => {
      start({ exporter: 'none', serviceName: 'a' }, { OTEL_PROPAGATORS: 'b3' })
      expect(said()).toEqual([
        `callchain: OTEL_PROPAGATORS="b3" is not installed: ${missing}; using tracecontext,baggage\n`,
      ])
      expect(propagation.fields()).toContain('traceparent')
    })
  })

  it('none sends and reads nothing', () => {
    start({ exporter: 'none', serviceName: 'a', propagators: ['none'] })
    expect(propagate({ traceparent: TRACEPARENT })).toEqual({})
  })
})
