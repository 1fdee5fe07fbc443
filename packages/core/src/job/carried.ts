import { context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api'
import { ensureContextManager } from '../context/fallback-context-manager.ts'
import { createRequestContext } from '../context/request-context.ts'
import { createScope, type Scope, scopeOf } from '../context/scope.ts'
import { identityMembers, receiveIdentity } from '../propagation/baggage-identity.ts'
import { readTrace } from '../propagation/incoming-trace.ts'
import { traceparentOf, tracestateOf } from '../propagation/outgoing-headers.ts'
import { addUndeclared } from '../propagation/undeclared-baggage.ts'
import { formatBaggage } from '../w3c/baggage.ts'
import { FLAG_RANDOM } from '../w3c/traceparent.ts'

/** A context on its way to another thread of this process: plain text, to be posted as it is. */
export interface CarriedContext {
  readonly traceparent?: string
  readonly tracestate?: string
  readonly baggage?: string
}

/**
 * The current trace and identity as an object that can be posted to a worker thread, with a task or
 * in `workerData`; empty outside any. `runCarried` and the option `from` of `traceJob` take it there.
 * It holds raw values of identity, those as well that are hashed elsewhere: keep it in the process.
 *
 * @example
 * ```ts
 * worker.postMessage({ task: 'resize', carried: carryContext() })
 * // in the worker:
 * parentPort.on('message', ({ task, carried }) => runCarried(carried, () => run(task)))
 * ```
 */
export function carryContext(): CarriedContext {
  const active = context.active()
  const scope = scopeOf(active)
  const spanContext = trace.getSpanContext(active)
  const isTraced = spanContext !== undefined && trace.isSpanContextValid(spanContext)
  const tracestate = isTraced ? tracestateOf(spanContext) : undefined
  const members = scope === undefined ? [] : identityMembers(scope, 'localhost', true)
  addUndeclared(members, undefined, active, scope)
  const baggage = formatBaggage(members)
  return {
    ...(isTraced && { traceparent: traceparentOf(spanContext, scope) }),
    ...(tracestate !== undefined && { tracestate }),
    ...(baggage !== undefined && { baggage }),
  }
}

/**
 * Runs `callback` in a context that another thread of this process has carried over: in its trace,
 * with its identity, without a span of its own. Returns what `callback` returns.
 *
 * @example
 * ```ts
 * parentPort.on('message', ({ task, carried }) => runCarried(carried, () => run(task)))
 * ```
 */
export function runCarried<T>(carried: CarriedContext, callback: () => T): T {
  // A thread that nothing was traced in yet keeps no contexts.
  ensureContextManager()
  const { parent, scope } = readCarried(carried, true)
  const span = parent === undefined ? undefined : trace.wrapSpanContext(parent)
  return context.with(createRequestContext(ROOT_CONTEXT, span, scope), callback)
}

/** What was carried: where it was in its trace, and a scope with its identity. */
export interface ReadCarried {
  readonly parent: SpanContext | undefined
  readonly scope: Scope
}

/** Reads what was carried. Never throws: what is not text counts as not there. */
export function readCarried(carried: CarriedContext, takesIdentity: boolean): ReadCarried {
  const source = {
    header: (name: string) => {
      const value: unknown = Reflect.get(Object(carried), name)
      return typeof value === 'string' ? value : undefined
    },
  }
  const parent = readTrace(source)
  const format = { foreign: undefined, trace: true, baggage: takesIdentity }
  const { identity, undeclared } = receiveIdentity(source, 'internal', format)
  return { parent, scope: scopeWith(parent, identity, undeclared) }
}

function scopeWith(
  parent: SpanContext | undefined,
  identity: Scope['identity'],
  received: Scope['received'],
): Scope {
  return {
    ...createScope(identity),
    received,
    continuedTraceId: parent?.traceId,
    continuedRandom: parent !== undefined && (parent.traceFlags & FLAG_RANDOM) !== 0,
  }
}
