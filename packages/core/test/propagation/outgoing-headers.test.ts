import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, propagation, type TextMapPropagator, trace } from '@opentelemetry/api'
import { createScope } from '../../src/context/scope.ts'
import {
  type ClientOptions,
  createClientTracer,
  createServerTracer,
  runIn,
  type TracingOptions,
} from '../../src/index.ts'
import { traceparentOf } from '../../src/propagation/outgoing-headers.ts'
import { incoming, outgoing, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const OTHER = 'c'.repeat(32)
const PUBLIC = { peerAddress: '203.0.113.7' }

let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
})
afterEach(() => stop())

const foreign: TextMapPropagator = {
  fields: () => ['x-trace', 'baggage'],
  extract: (within, carrier, getter) => {
    const traceId = getter.get(carrier, 'x-trace')
    if (typeof traceId !== 'string') return within
    return trace.setSpanContext(within, { traceId, spanId: PARENT, traceFlags: 1 })
  },
  inject: (within, carrier, setter) => {
    setter.set(carrier, 'x-trace', String(trace.getSpanContext(within)?.traceId))
  },
}

/** What a call sends that a stranger's request causes, with the headers that the application sets. */
function sent(
  received: Record<string, string>,
  set: Record<string, string>,
  options: TracingOptions & ClientOptions = {},
) {
  const request = outgoing('http://orders/', set)
  const call = createServerTracer(options).receive(incoming(received, PUBLIC))
  runIn(call, () => createClientTracer(options).send(request).receive({ statusCode: 200 }))
  return request.headers
}

describe('without a trace of ours, as without an SDK', () => {
  beforeEach(() => trace.disable())
  const theirs = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'a=1' }

  it("a stranger's trace is not passed on by the application either", () => {
    expect(sent(theirs, { ...theirs })).toEqual({})
  })

  it("the application's own trace is left as it is", () => {
    const own = { traceparent: `00-${OTHER}-${PARENT}-01`, tracestate: 'b=2' }
    expect(sent(theirs, { ...own })).toEqual(own)
    expect(sent({}, { ...own })).toEqual(own)
  })

  it('the same holds for another format', () => {
    const options = { propagator: foreign }
    expect(sent({ 'x-trace': TRACE }, { 'x-trace': TRACE }, options)).toEqual({})
    expect(sent({ 'x-trace': TRACE }, { 'x-trace': OTHER }, options)).toEqual({ 'x-trace': OTHER })
  })
})

describe('another format', () => {
  it("stands in place of W3C's, and leaves the application its baggage", () => {
    const set = { traceparent: `00-${OTHER}-${PARENT}-01`, tracestate: 'b=2', baggage: 'mine=1' }
    expect(sent({}, { ...set }, { propagator: foreign })).toEqual({
      'x-trace': expect.stringMatching(/^[0-9a-f]{32}$/),
      baggage: 'mine=1',
    })
  })

  it("sees the context's baggage for a host of ours alone: Jaeger's writes it into its own headers", () => {
    const seen: unknown[] = []
    const jaeger: TextMapPropagator = {
      ...foreign,
      inject: (within) => seen.push(propagation.getBaggage(within)?.getEntry('a')?.value),
    }
    const client = createClientTracer({ propagator: jaeger })
    const baggage = propagation.createBaggage({ a: { value: '1' } })
    context.with(propagation.setBaggage(context.active(), baggage), () => {
      client.send(outgoing('http://orders/')).receive({ statusCode: 200 })
      client.send(outgoing('https://api.example.com/')).receive({ statusCode: 200 })
    })
    expect(seen).toEqual(['1', undefined])
  })
})

describe('the flags of a span that came in, and is passed on as it is', () => {
  const scope = { ...createScope(), continuedTraceId: TRACE, continuedRandom: true }

  it.each([
    ['random where it was said of that very trace', TRACE, 1, '03'],
    ['not random where that was said of another trace', OTHER, 1, '01'],
    ['random where it says so itself', OTHER, 3, '03'],
    ['nothing but sampled and random', OTHER, 0xfd, '01'],
  ])('are %s', (_what, traceId, traceFlags, flags) => {
    const spanContext = { traceId, spanId: PARENT, traceFlags, isRemote: true }
    expect(traceparentOf(spanContext, scope)).toBe(`00-${traceId}-${PARENT}-${flags}`)
  })
})
