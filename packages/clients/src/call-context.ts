import { type Context, context, createContextKey } from '@opentelemetry/api'
import type { Call } from './call.ts'

// OpenTelemetry's own key, made from its published name.
const SUPPRESS_TRACING_KEY = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')
// Not shared: each copy of this package sees its own calls, and to it alone they are known.
const CALL_KEY = Symbol('callchain call')

let inProgress = 0

/**
 * Begins a call: returns the context to run the client in. It leads what happens on the wire to the
 * call, and keeps other instrumentations from tracing the call once more. Both hold only until the
 * call is over, since sockets and listeners keep a context for longer.
 */
export function enter(call: Call): Context {
  const { base } = call
  if (!call.open) inProgress += 1
  call.open = true
  return layer((key) => {
    if (!call.open) return base.getValue(key)
    if (key === SUPPRESS_TRACING_KEY) return true
    return key === CALL_KEY ? call : base.getValue(key)
  })
}

/** The call is over: the application has its response or its error. */
export function leave(call: Call): void {
  if (!call.open) return
  inProgress -= 1
  call.open = false
  call.whenOver?.()
}

/** The call that the running code belongs to, unless it is over. */
export function callInProgress(): Call | undefined {
  if (inProgress === 0) return undefined
  return context.active().getValue(CALL_KEY) as Call | undefined
}

/** Whether what is called now must be left alone: tracing is off, or the call is traced already. */
export function isSuppressed(): boolean {
  return context.active().getValue(SUPPRESS_TRACING_KEY) === true
}

function layer(getValue: (key: symbol) => unknown): Context {
  const context: Context = {
    getValue,
    setValue: (key, value) =>
      layer((wanted) => (wanted === key ? value : context.getValue(wanted))),
    deleteValue: (key) =>
      layer((wanted) => (wanted === key ? undefined : context.getValue(wanted))),
  }
  return context
}
