import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  createContextKey,
  propagation,
  SpanKind,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api'
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  type Sampler,
  SamplingDecision,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import {
  createClientTracer,
  createPropagator,
  createServerTracer,
  runIn,
  type TracingOptions,
} from '../../src/index.ts'
import { announceSdk } from '../../src/internal.ts'
import { EDGE_JOIN_KEY } from '../../src/otel/shared-keys.ts'
import { answered, incoming, outgoing, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const PUBLIC = { peerAddress: '203.0.113.7' }

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(async () => {
  announceSdk()
  await stop()
})

/** What a call made while the request is served sends. */
function sent(flags: string, overrides = {}, options: TracingOptions = {}): string | undefined {
  const request = outgoing('http://orders/')
  const headers = { traceparent: `00-${TRACE}-${PARENT}-${flags}` }
  const call = createServerTracer(options).receive(incoming(headers, overrides))
  runIn(call, () => createClientTracer().send(request).receive({ statusCode: 200 }))
  call?.send(answered(200))
  return request.headers.traceparent
}

describe('the random flag', () => {
  it('goes on as the caller has it, and is set where a trace starts', () => {
    expect(sent('01')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`))
    expect(sent('03')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-03$`))
    expect(sent('01', PUBLIC)).toMatch(/-03$/)
  })
})

describe('the trace that is sent back', () => {
  const receive = (options: TracingOptions) => createServerTracer(options).receive(incoming())

  it('has a value where it was asked for alone', () => {
    const call = receive({ traceResponse: true })
    expect(call?.traceResponse).toContain(call?.span.spanContext().traceId)
    expect(receive({})?.traceResponse).toBeUndefined()
  })

  it('says nothing where there is no trace', () => {
    trace.disable()
    expect(receive({ traceResponse: true })?.traceResponse).toBeUndefined()
  })
})

describe('an unsampled caller', () => {
  it('is left to a sampler that is not known to follow it', () => {
    const own = new InMemorySpanExporter()
    trace.disable()
    const spanProcessors = [new SimpleSpanProcessor({ exporter: own })]
    trace.setGlobalTracerProvider(
      new TracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors }),
    )
    sent('00')
    expect(own.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER)).toHaveLength(1)
  })

  it('on the edge that joins does not decide that nothing is recorded', () => {
    announceSdk({ followsParent: true, decidesAtEdge: true })
    const asked: unknown[] = []
    const sampler: Sampler = {
      shouldSample: (within) => {
        const { traceId, traceFlags } = trace.getSpanContext(within) ?? {}
        asked.push({ traceId, traceFlags, joins: within.getValue(EDGE_JOIN_KEY) })
        return { decision: SamplingDecision.RECORD_AND_SAMPLED }
      },
    }
    trace.disable()
    trace.setGlobalTracerProvider(
      new TracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
    )
    sent('00', PUBLIC, { edge: 'join' })
    sent('01', PUBLIC, { edge: 'join' })
    const joining = { traceId: TRACE, traceFlags: 0, joins: true }
    const roots = asked.filter((each) => Object(each).joins === true)
    expect(roots).toEqual([joining, joining])
  })
})

describe('another propagator', () => {
  const KEY = createContextKey('debug')
  const debug: TextMapPropagator = {
    fields: () => ['x-trace', 'x-debug'],
    extract: (within, carrier, getter) => {
      const read = within.setValue(KEY, getter.get(carrier, 'x-debug'))
      const traceId = getter.get(carrier, 'x-trace')
      if (typeof traceId !== 'string') return read
      return trace.setSpanContext(read, { traceId, spanId: PARENT, traceFlags: 1 })
    },
    inject: () => {},
  }
  const headers = { 'x-trace': TRACE, 'x-debug': '1' }

  it('keeps what it has read of an internal caller in the context, and nothing of a stranger', () => {
    propagation.setGlobalPropagator(debug)
    const tracer = createServerTracer()
    expect(tracer.receive(incoming(headers))?.context.getValue(KEY)).toBe('1')
    expect(tracer.receive(incoming(headers, PUBLIC))?.context.getValue(KEY)).toBeUndefined()
  })

  it('that was given leaves identity and baggage as they are', () => {
    const request = outgoing('http://orders/')
    const options = { propagator: debug }
    const call = createServerTracer(options).receive(incoming({ baggage: 'tenant.id=acme,x=1' }))
    runIn(call, () => createClientTracer(options).send(request).receive({ statusCode: 200 }))
    expect(request.headers.baggage).toBe('tenant.id=acme,x=1')
  })

  it("that speaks W3C's, in whatever case, is not asked: our codecs know more", () => {
    const asked: string[] = []
    const loud = {
      ...createPropagator(),
      fields: () => ['Traceparent', 'Tracestate', 'Baggage'],
      extract: () => {
        asked.push('extract')
        throw new Error('asked')
      },
    }
    propagation.setGlobalPropagator(loud)
    expect(sent('03')).toContain(TRACE)
    expect(asked).toEqual([])
  })

  it('of baggage alone takes no trace in, and gives none out', () => {
    propagation.setGlobalPropagator({ ...createPropagator(), fields: () => ['baggage'] })
    expect(sent('01')).toBeUndefined()
    expect(exporter.getFinishedSpans().at(-1)?.spanContext().traceId).not.toBe(TRACE)
  })
})
