import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api'
import {
  createClientTracer,
  createServerTracer,
  type HttpServerRequest,
  runIn,
  tenant,
} from '../../src/index.ts'
import { answered, incoming, outgoing, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

let stop: () => Promise<void>

beforeEach(() => {
  ;({ stop } = record())
})
afterEach(() => stop())

it("the caller's tracestate goes on", () => {
  const request = outgoing('http://orders/')
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'a=1,b=2' }
  runIn(createServerTracer().receive(incoming(headers)), () =>
    createClientTracer().send(request).receive({ statusCode: 200 }),
  )
  expect(request.headers.tracestate).toBe('a=1,b=2')
})

/** A propagator of two headers, that asks for them by names in capitals. */
function reading(
  read: (get: (name: string) => unknown, keys: string[]) => void,
): TextMapPropagator {
  return {
    fields: () => ['X-Trace', 'X-Baggage'],
    extract: (within, carrier, getter) => {
      read((name) => getter.get(carrier, name), getter.keys(carrier))
      return within
    },
    inject: () => {},
  }
}

describe('what another propagator sees of a request', () => {
  it('is each header by any case of its name', () => {
    const seen: unknown[] = []
    const propagator = reading((get) => seen.push(get('X-Trace'), get('x-baggage'), get('x-none')))
    createServerTracer({ propagator }).receive(incoming({ 'x-trace': 't', 'x-baggage': 'b' }))
    expect(seen).toEqual(['t', 'b', undefined])
  })

  it.each<[string, Partial<HttpServerRequest>, string[]]>([
    ['all names', { headerNames: () => ['accept', 'x-trace'] }, ['accept', 'x-trace']],
    ['those of its own that came, where the names cannot be listed', {}, ['x-trace']],
  ])('is %s', (_what, overrides, expected) => {
    let seen: string[] = []
    const propagator = reading((_, keys) => {
      seen = keys
    })
    createServerTracer({ propagator }).receive(incoming({ 'x-trace': 't' }, overrides))
    expect(seen).toEqual(expected)
  })

  it('is not what happens to be active: a request without a trace begins one', () => {
    const propagator = reading(() => {})
    const outer = trace.getTracer('test').startSpan('start-up')
    const baggage = propagation.createBaggage({ left: { value: 'over' } })
    const active = propagation.setBaggage(trace.setSpan(context.active(), outer), baggage)
    const call = context.with(active, () => createServerTracer({ propagator }).receive(incoming()))
    expect(call?.span.spanContext().traceId).not.toBe(outer.spanContext().traceId)
    expect(call && propagation.getBaggage(call.context)).toBeUndefined()
  })
})

describe('baggage that another propagator reads from headers of its own', () => {
  const propagator: TextMapPropagator = {
    fields: () => ['x-baggage'],
    extract: <C>(within = context.active(), carrier: C, getter: TextMapGetter<C>) => {
      const pairs = String(getter.get(carrier, 'x-baggage')).split(',')
      const entries = pairs
        .map((pair) => pair.split('='))
        .map(([key = '', value = '']) => [key, { value }])
      return propagation.setBaggage(within, propagation.createBaggage(Object.fromEntries(entries)))
    },
    inject: () => {},
  }

  function received(headers: Record<string, string>) {
    const call = createServerTracer({ propagator }).receive(incoming(headers))
    const baggage = call && propagation.getBaggage(call.context)
    const entries = baggage?.getAllEntries().map(([key, { value }]) => [key, value]) ?? []
    const id = runIn(call, () => tenant.get())
    call?.send(answered(200))
    return { id, baggage: Object.fromEntries(entries) }
  }

  it('stands next to what came in, which counts first', () => {
    expect(received({ baggage: 'a=1,b=2', 'x-baggage': 'b=3,c=4' })).toEqual({
      id: undefined,
      baggage: { a: '1', b: '2', c: '4' },
    })
  })

  it('is never identity', () => {
    expect(received({ 'x-baggage': 'tenant.id=evil,c=4' })).toEqual({
      id: undefined,
      baggage: { c: '4' },
    })
  })
})
