import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Context, context, type Span, SpanKind, trace } from '@opentelemetry/api'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { scopeOf } from '../../src/context/scope.ts'
import { createServerTracer, type TracingOptions, tenant } from '../../src/index.ts'
import type { RpcMetadata } from '../../src/otel/rpc-metadata.ts'
import { RPC_METADATA_KEY } from '../../src/otel/shared-keys.ts'
import { answered, incoming, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

/** The span of an instrumentation that saw the request first. */
function theirs(kind: SpanKind = SpanKind.SERVER): { span: Span; within: Context } {
  const span = trace.getTracer('theirs').startSpan('GET', { kind })
  return { span, within: trace.setSpan(context.active(), span) }
}

function receive(within: Context, headers = {}, options: TracingOptions = {}) {
  return context.with(within, () => createServerTracer(options).receive(incoming(headers)))
}

function only() {
  const [span, ...more] = exporter.getFinishedSpans()
  if (span === undefined || more.length > 0) throw new Error(`${more.length + 1} spans`)
  return span
}

describe('the SERVER span of an instrumentation that saw the request first', () => {
  it('gets route, status, identity and error, and is left open', () => {
    const { span, within } = theirs()
    const call = receive(within, { baggage: 'tenant.id=acme' })
    expect(call?.span).toBe(span)
    call?.send(answered(500, '/users/:id', new TypeError('boom')))
    expect(exporter.getFinishedSpans()).toEqual([])
    span.end()
    expect(only()).toMatchObject({
      name: 'GET /users/:id',
      attributes: {
        'http.route': '/users/:id',
        'http.response.status_code': 500,
        'tenant.id': 'acme',
        'error.type': 'TypeError',
      },
    })
  })

  it('is told of the end once', () => {
    const { span, within } = theirs()
    const ends: unknown[] = []
    const call = receive(within, {}, { onEnd: (_span, _request, status) => ends.push(status) })
    call?.send(answered(200, '/a'))
    call?.send(answered(500, '/b'))
    span.end()
    expect(ends).toEqual([200])
    expect(only().name).toBe('GET /a')
  })

  it('says what the caller said in two ways', () => {
    const { span, within } = theirs()
    receive(within, { baggage: 'tenant.id=acme,tenant.id=evil' })?.send(answered(200))
    span.end()
    expect(only().events).toMatchObject([{ name: 'callchain.identity.conflict' }])
  })

  it('is the only one to be joined: not one that ended, and not a span of another kind', () => {
    const ended = theirs()
    ended.span.end()
    const inner = theirs(SpanKind.INTERNAL)
    expect(receive(ended.within)?.span).not.toBe(ended.span)
    expect(receive(inner.within)?.span).not.toBe(inner.span)
  })

  it('is not joined where the request arrives inside one of ours', () => {
    const outer = createServerTracer().receive(incoming())
    const inner = receive(outer?.context ?? context.active())
    expect(inner?.span.spanContext().spanId).not.toBe(outer?.span.spanContext().spanId)
  })
})

describe('an instrumentation that shares what it knows of the request', () => {
  function shared(): { rpc: RpcMetadata; within: Context } {
    const { span, within } = theirs()
    const rpc = { type: 'http' as const, span }
    return { rpc, within: within.setValue(RPC_METADATA_KEY, rpc) }
  }

  it('is given the route, and names its span itself', () => {
    const { rpc, within } = shared()
    receive(within)?.send(answered(200, '/users/:id'))
    rpc.span.end()
    expect(rpc.route).toBe('/users/:id')
    expect(only()).toMatchObject({
      name: 'GET',
      attributes: { 'http.route': '/users/:id' },
    })
  })

  it('sees the identity in contexts of its own', () => {
    const { within } = shared()
    receive(within, { baggage: 'tenant.id=acme' })
    expect(context.with(within, () => tenant.get())).toBe('acme')
  })
})

describe('the trace of a joined span', () => {
  it('passes for the one that came in only where it is that one', () => {
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01` }
    const { within } = theirs()
    const call = receive(within, headers)
    expect(call?.span.spanContext().traceId).not.toBe(TRACE)
    expect(scopeOf(call?.context)?.refusedTraceId).toBe(TRACE)
    const caller = { traceId: TRACE, spanId: PARENT, traceFlags: 1, isRemote: true }
    const parent = trace.setSpanContext(context.active(), caller)
    const span = trace.getTracer('theirs').startSpan('GET', { kind: SpanKind.SERVER }, parent)
    const continued = receive(trace.setSpan(context.active(), span), headers)
    expect(scopeOf(continued?.context)?.refusedTraceId).toBeUndefined()
  })
})
