import {
  createClientTracer,
  createPropagator,
  createServerTracer,
  runIn,
  type TrustOption,
} from '@callchain/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createContextKey, propagation, type TextMapPropagator, trace } from '@opentelemetry/api'
import { CompositePropagator } from '@opentelemetry/core'
import { AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray'
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3'
import { JaegerPropagator } from '@opentelemetry/propagator-jaeger'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { answered, incoming, outgoing, record } from '../../core/test/recorder.ts'

const TRACE = '463ac35c9f6413ad48485a3953bb6124'
const PARENT = 'a2fb4a1d1a96d312'
const XRAY = `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${PARENT};Sampled=1`
const JAEGER = { 'uber-trace-id': `${TRACE}:${PARENT}:0:1`, 'uberctx-tier': 'g%C3%B6ld' }

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

/** The headers of a call that is made while a request with these headers is served. */
function passOn(
  propagator: TextMapPropagator,
  headers: Record<string, string>,
  { trust = 'internal', url = 'http://orders/' }: { trust?: TrustOption; url?: string } = {},
) {
  const server = createServerTracer({ propagator, trust })
  const call = server.receive(incoming(headers, { headerNames: () => Object.keys(headers) }))
  const request = outgoing(url)
  runIn(call, () => {
    createClientTracer({ propagator }).send(request).receive({ statusCode: 200 })
  })
  call?.send(answered(200))
  return request.headers
}

const parentOfServer = () => {
  const server = exporter.getFinishedSpans().find(({ kind }) => kind === 1)
  return [server?.spanContext().traceId, server?.parentSpanContext?.spanId]
}

describe('a propagator that is not ours', () => {
  it('finds its header among the names of all', () => {
    const headers = passOn(new AWSXRayPropagator(), { 'x-amzn-trace-id': XRAY })
    expect(parentOfServer()).toEqual([TRACE, PARENT])
    expect(headers['x-amzn-trace-id']).toContain(TRACE.slice(8))
  })

  it('finds it also where an adapter does not list the names', () => {
    const server = createServerTracer({ propagator: new AWSXRayPropagator() })
    server.receive(incoming({ 'x-amzn-trace-id': XRAY }))?.send(answered(200))
    expect(parentOfServer()).toEqual([TRACE, PARENT])
  })

  it("keeps B3's debug flag for the way out", () => {
    const single = passOn(new B3Propagator(), { b3: `${TRACE}-${PARENT}-d` })
    expect(single.b3?.split('-')[2]).toBe('d')
    const multi = passOn(new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }), {
      'x-b3-traceid': TRACE,
      'x-b3-spanid': PARENT,
      'x-b3-flags': '1',
    })
    expect(multi['x-b3-flags']).toBe('1')
  })

  it('does not keep it from a caller on the edge', () => {
    const headers = { b3: `${TRACE}-${PARENT}-d` }
    expect(passOn(new B3Propagator(), headers, { trust: 'edge' }).b3?.split('-')[2]).toBe('1')
  })

  it("carries Jaeger's baggage to hosts of ours alone, and names no tenant by it", () => {
    const headers = { ...JAEGER, 'uberctx-tenant.id': 'evil' }
    const inside = passOn(new JaegerPropagator(), headers)
    expect(inside['uberctx-tier']).toBe('g%C3%B6ld')
    expect(inside['uberctx-tenant.id']).toBeUndefined()
    const outside = passOn(new JaegerPropagator(), headers, { url: 'https://shop.example.com/' })
    expect(outside['uber-trace-id']).toContain(TRACE)
    expect(outside['uberctx-tier']).toBeUndefined()
    const stranger = passOn(new JaegerPropagator(), headers, { trust: 'edge' })
    expect(stranger['uberctx-tier']).toBeUndefined()
  })

  it('writes baggage of two formats once each', () => {
    const both = new CompositePropagator({
      propagators: [createPropagator(), new JaegerPropagator()],
    })
    const baggage = 'tenant.id=acme,a=1;p=2,a=2'
    const headers = passOn(both, { ...JAEGER, baggage })
    expect(headers.baggage).toBe('tenant.id=acme,a=1;p=2,a=2,tier=g%C3%B6ld')
    expect(passOn(both, { baggage }).baggage).toBe(baggage)
  })

  it('may keep what it likes in the context', () => {
    const key = createContextKey('request id')
    const own: TextMapPropagator = {
      fields: () => ['x-trace', 'x-request-id'],
      extract: (context, carrier, getter) =>
        trace.setSpanContext(context.setValue(key, getter.get(carrier, 'X-Request-Id')), {
          traceId: TRACE,
          spanId: PARENT,
          traceFlags: 1,
          isRemote: true,
        }),
      inject: (context, carrier, setter) => {
        setter.set(carrier, 'x-request-id', String(context.getValue(key)))
        setter.set(carrier, 'x-seen', String(propagation.getBaggage(context) === undefined))
      },
    }
    const headers = passOn(own, { 'x-request-id': 'abc' })
    expect(headers).toEqual({ 'x-request-id': 'abc', 'x-seen': 'true' })
    const stranger = passOn(own, { 'x-request-id': 'abc' }, { trust: 'edge' })
    expect(stranger['x-request-id']).toBe('undefined')
  })
})
