import { SUPPRESS_TRACING_KEY } from '@callchain/core/internal'
import { type Context, context } from '@opentelemetry/api'
import { CALL_KEY } from './derived-context.ts'
import type { LogicalCall } from './logical-call.ts'

let inProgress = 0

/**
 * Begins a call: returns the context to run the client in. Through it, what happens on the wire finds
 * the call, and other instrumentations do not trace the call again. Both hold only until the call is
 * over, since sockets and listeners keep a context for longer.
 */
export function enter(call: LogicalCall): Context {
  if (!call.isOpen) inProgress += 1
  call.isOpen = true
  return call
}

/** The call is over: the application has its response or its error. */
export function leave(call: LogicalCall): void {
  if (!call.isOpen) return
  inProgress -= 1
  call.isOpen = false
  call.whenClosed?.(call)
}

/** The call that the running code belongs to, unless it is over. */
export function callInProgress(): LogicalCall | undefined {
  if (inProgress === 0) return undefined
  return context.active().getValue(CALL_KEY) as LogicalCall | undefined
}

/** Whether what is called now must be left alone: tracing is off, or the call is traced already. */
export function isSuppressed(): boolean {
  return context.active().getValue(SUPPRESS_TRACING_KEY) === true
}
