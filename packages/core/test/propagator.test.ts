import { describe, expect, it } from '@jest/globals'
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api'
import { createPropagator } from '../src/index.ts'
import { suppressTracing } from '../src/suppression.ts'

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

  it('writes nothing where tracing is suppressed', () => {
    expect(inject(suppressTracing(extract({ traceparent })))).toEqual({})
  })

  it('refuses an option that is not allowed', () => {
    expect(() => createPropagator({ baggage: 'yes' as never })).toThrow(
      /baggage of createPropagator\(\) cannot be 'yes'; allowed: 'never', 'always'/,
    )
    expect(() => createPropagator({ bagage: 'never' } as never)).toThrow(
      "createPropagator() has no option 'bagage'; did you mean 'baggage'?",
    )
  })
})
