import { describe, expect, it } from '@jest/globals'
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api'
import { createPropagator } from '../../src/index.ts'
import { suppressTracing } from '../../src/otel/suppression.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const traceparent = `00-${TRACE}-${PARENT}-03`

function extract(carrier: Record<string, string | string[]>, from = createPropagator()) {
  return from.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter)
}

function inject(within = ROOT_CONTEXT, by = createPropagator()) {
  const carrier: Record<string, string> = {}
  by.inject(within, carrier, defaultTextMapSetter)
  return carrier
}

describe('createPropagator', () => {
  it('carries trace context there and back', () => {
    const within = extract({ traceparent, tracestate: ['a=1', 'b=2'] })
    expect(inject(within)).toEqual({ traceparent, tracestate: 'a=1,b=2' })
  })

  it('reads two traceparent lines as none', () => {
    expect(
      trace.getSpanContext(extract({ traceparent: [traceparent, traceparent] })),
    ).toBeUndefined()
  })

  it('leaves tracestate alone where traceparent fails', () => {
    expect(inject(extract({ traceparent: 'x', tracestate: 'a=1' }))).toEqual({})
  })

  it('shows baggage to the baggage API, with its properties', () => {
    const baggage = propagation.getBaggage(extract({ baggage: 'a=%C3%BC;p=1,b=' }))
    expect(baggage?.getEntry('a')?.value).toBe('ü')
    expect(baggage?.getEntry('a')?.metadata?.toString()).toBe('p=1')
    expect(baggage?.getEntry('b')?.value).toBe('')
  })

  it('writes baggage only where every carrier was said to stay inside', () => {
    const within = extract({ traceparent, baggage: 'a=1' })
    expect(inject(within)).toEqual({ traceparent })
    const always = createPropagator({ baggage: 'always' })
    expect(inject(within, always)).toEqual({ traceparent, baggage: 'a=1' })
  })

  it('writes nothing of a span that is not valid', () => {
    expect(inject(trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT))).toEqual({})
  })

  it('writes nothing where tracing is suppressed', () => {
    expect(inject(suppressTracing(extract({ traceparent })))).toEqual({})
  })

  it.each([
    ['Buffers', (text: string) => Buffer.from(text)],
    ['arrays of Buffers', (text: string) => [Buffer.from(text)]],
    ['Uint8Arrays', (text: string) => new TextEncoder().encode(text)],
  ])('reads %s, as clients of message brokers hand headers out', (_what, from) => {
    const texts = { traceparent, tracestate: 'a=1,b=2', baggage: 'tier=g%C3%B6ld' }
    const carrier = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, from(text)]),
    )
    const within = createPropagator().extract(ROOT_CONTEXT, carrier, defaultTextMapGetter)
    expect(inject(within)).toEqual({ traceparent, tracestate: 'a=1,b=2' })
    expect(propagation.getBaggage(within)?.getEntry('tier')?.value).toBe('göld')
  })

  it.each([
    ['null', null],
    ['a number', 7],
    ['a boolean', true],
    ['an object', {}],
    ['a symbol', Symbol('x')],
    ['an empty list', []],
    ['a list of nonsense', [null, 7, undefined, {}]],
    ['two Buffers', [Buffer.from(traceparent), Buffer.from(traceparent)]],
  ])('takes %s for no value, and loses nothing else', (_what, odd) => {
    const carriers = [
      { traceparent: odd, tracestate: 'a=1', baggage: 'a=1' },
      { traceparent, tracestate: odd, baggage: 'a=1' },
      { traceparent, tracestate: 'a=1', baggage: odd },
    ]
    const [first, second, third] = carriers.map((carrier) =>
      createPropagator().extract(ROOT_CONTEXT, carrier, defaultTextMapGetter),
    ) as [Context, Context, Context]
    expect(inject(first)).toEqual({})
    expect(propagation.getBaggage(first)?.getEntry('a')?.value).toBe('1')
    expect(inject(second).traceparent).toBe(traceparent)
    expect(inject(third)).toEqual({ traceparent, tracestate: 'a=1' })
  })

  it.each([null, undefined, 7, 'text', []])('does not throw on %p for a carrier', (carrier) => {
    const propagator = createPropagator()
    expect(propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter)).toBe(ROOT_CONTEXT)
    const within = extract({ traceparent })
    expect(() => propagator.inject(within, carrier, defaultTextMapSetter)).not.toThrow()
  })

  it('does not throw when a getter or a setter does', () => {
    const always = createPropagator({ baggage: 'always' })
    const fail = () => {
      throw new Error('broken')
    }
    const getter = {
      keys: fail,
      get: (_: unknown, name: string) => (name === 'tracestate' ? fail() : traceparent),
    }
    const within = always.extract(ROOT_CONTEXT, {}, getter)
    expect(trace.getSpanContext(within)?.traceId).toBe(TRACE)
    expect(() => always.inject(within, {}, { set: fail })).not.toThrow()
    const frozen = Object.freeze({})
    expect(() => always.inject(within, frozen, defaultTextMapSetter)).not.toThrow()
  })

  it('refuses an option that is not allowed', () => {
    expect(() => createPropagator({ baggage: 'yes' as never })).toThrow(
      /baggage of createPropagator\(\) cannot be 'yes'; allowed: 'messages', 'never', 'always'/,
    )
    expect(() => createPropagator({ bagage: 'never' } as never)).toThrow(
      "createPropagator() has no option 'bagage'; did you mean 'baggage'?",
    )
  })
})
