import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { propagation, type TextMapPropagator, trace } from '@opentelemetry/api'
import {
  createClientTracer,
  createPropagator,
  createServerTracer,
  runIn,
  tenant,
} from '../../src/index.ts'
import { announceSdk } from '../../src/internal.ts'
import { answered, incoming, outgoing, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const HEADERS = { traceparent: `00-${TRACE}-${PARENT}-01`, baggage: 'tenant.id=acme' }

// A format of one header, `x-trace: traceid-spanid`, as foreign ones are.
const foreign: TextMapPropagator = {
  fields: () => ['x-trace'],
  extract: (within, carrier, getter) => {
    const [traceId = '', spanId = ''] = String(getter.get(carrier, 'x-trace')).split('-')
    return trace.setSpanContext(within, { traceId, spanId, traceFlags: 1, isRemote: true })
  },
  inject: (within, carrier, setter) => {
    const { traceId, spanId } = trace.getSpanContext(within) ?? { traceId: '', spanId: '' }
    setter.set(carrier, 'X-Trace', `${traceId}-${spanId}`)
    setter.set(carrier, 'baggage', 'leak=1')
  },
}

let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
})
afterEach(async () => {
  announceSdk()
  await stop()
})

function pass(headers: Record<string, string>, url = 'http://orders/') {
  const request = outgoing(url)
  const call = createServerTracer().receive(incoming(headers))
  const seen = runIn(call, () => {
    createClientTracer().send(request).receive({ statusCode: 200 })
    return tenant.get()
  })
  call?.send(answered(200))
  return { seen, sent: request.headers, traceId: call?.span.spanContext().traceId }
}

describe('what is read and written', () => {
  it('is W3C trace context and baggage where nothing was registered', () => {
    const { seen, sent, traceId } = pass(HEADERS)
    expect([seen, traceId]).toEqual(['acme', TRACE])
    expect(Object.keys(sent)).toEqual(['traceparent', 'baggage'])
  })

  it('is nothing where the SDK propagates nothing', () => {
    announceSdk({ propagatesNothing: true })
    const { seen, sent, traceId } = pass(HEADERS)
    expect([seen, sent]).toEqual([undefined, {}])
    expect(traceId).not.toBe(TRACE)
  })

  it('is trace context alone where the global propagator has no baggage', () => {
    const own = createPropagator()
    propagation.setGlobalPropagator({ ...own, fields: () => ['traceparent', 'tracestate'] })
    const { seen, sent } = pass(HEADERS)
    expect(seen).toBeUndefined()
    expect(Object.keys(sent)).toEqual(['traceparent'])
  })

  it('is another format where the global propagator speaks one, without its baggage', () => {
    propagation.setGlobalPropagator(foreign)
    const { sent, traceId } = pass({ 'x-trace': `${TRACE}-${PARENT}` })
    expect(traceId).toBe(TRACE)
    expect(sent).toEqual({
      'X-Trace': expect.stringMatching(new RegExp(`^${TRACE}-[0-9a-f]{16}$`)),
    })
  })

  it('is read again once an SDK has been started or stopped', () => {
    const tracer = createServerTracer()
    const traceId = () => tracer.receive(incoming(HEADERS))?.span.spanContext().traceId
    expect(traceId()).toBe(TRACE)
    announceSdk({ propagatesNothing: true })
    expect(traceId()).not.toBe(TRACE)
    announceSdk()
    expect(traceId()).toBe(TRACE)
  })

  it('survives a propagator that throws', () => {
    const broken = () => {
      throw new Error('broken')
    }
    propagation.setGlobalPropagator({ fields: () => ['x'], extract: broken, inject: broken })
    expect(pass(HEADERS).traceId).toMatch(/^[0-9a-f]{32}$/)
  })
})
