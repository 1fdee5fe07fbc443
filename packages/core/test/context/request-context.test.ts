import { describe, expect, it } from '@jest/globals'
import { createContextKey, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { createRequestContext } from '../../src/context/request-context.ts'
import { attachScope, createScope, scopeOf } from '../../src/context/scope.ts'
import { rpcMetadata } from '../../src/otel/rpc-metadata.ts'
import { RPC_METADATA_KEY } from '../../src/otel/shared-keys.ts'
import { parseBaggage } from '../../src/w3c/baggage.ts'

const KEY = createContextKey('test')
const span = trace.wrapSpanContext({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  traceFlags: 1,
})
const other = trace.wrapSpanContext({
  traceId: 'c'.repeat(32),
  spanId: 'd'.repeat(16),
  traceFlags: 1,
})

describe('the context of a request', () => {
  const scope = { ...createScope(), received: parseBaggage('a=1,b=%41').members }
  const base = ROOT_CONTEXT.setValue(KEY, 'base')
  const within = createRequestContext(base, span, scope)

  it('shows the span, the scope, the baggage and what is below it', () => {
    expect(trace.getSpan(within)).toBe(span)
    expect(scopeOf(within)).toBe(scope)
    expect(within.getValue(KEY)).toBe('base')
    expect(propagation.getBaggage(within)?.getAllEntries()).toEqual([
      ['a', { value: '1' }],
      ['b', { value: 'A' }],
    ])
  })

  it('never changes: setting and deleting return another', () => {
    const changed = trace.setSpan(within.setValue(KEY, 'new'), other)
    expect(trace.getSpan(changed)).toBe(other)
    expect(changed.getValue(KEY)).toBe('new')
    expect(scopeOf(changed)).toBe(scope)
    expect(trace.getSpan(trace.deleteSpan(changed))).toBeUndefined()
    expect(changed.deleteValue(KEY).getValue(KEY)).toBeUndefined()
    expect(trace.getSpan(within)).toBe(span)
    expect(within.getValue(KEY)).toBe('base')
  })

  it('keeps baggage that was set or deleted through the API', () => {
    const own = propagation.createBaggage({ c: { value: '3' } })
    const set = propagation.setBaggage(within, own)
    expect(propagation.getBaggage(trace.setSpan(set, other))).toBe(own)
    expect(propagation.getBaggage(propagation.deleteBaggage(set))?.getAllEntries()).toEqual([])
  })

  it('does not keep a deleted span alive', () => {
    const without = trace.deleteSpan(within)
    expect(Object.values(without)).not.toContain(span)
  })

  it('offers the request to other instrumentations, and hears of their route', () => {
    const served = { span, route: undefined, error: undefined, rpc: undefined, errorLogs: false }
    const request = createRequestContext(base, span, { ...createScope(), served })
    const metadata = rpcMetadata(request)
    expect(metadata).toEqual({ type: 'http', span })
    if (metadata !== undefined) metadata.route = '/x'
    expect(served.rpc).toEqual({ type: 'http', span, route: '/x' })
  })
})

describe('scopeOf', () => {
  it('finds the scope in a context that another instrumentation has made', () => {
    const rpc = { type: 'http' as const, span }
    const theirs = ROOT_CONTEXT.setValue(RPC_METADATA_KEY, rpc)
    expect(scopeOf(theirs)).toBeUndefined()
    const scope = createScope()
    attachScope(rpc, scope)
    expect(scopeOf(theirs)).toBe(scope)
  })
})
