import { SUPPRESS_TRACING_KEY } from '@callchain/core/internal'
import { type Context, context, isSpanContextValid, type Span } from '@opentelemetry/api'
import type { LogicalCall } from './logical-call.ts'

// Not shared: each copy of this package knows its own calls only.
const CALL_KEY = Symbol('callchain call')

let inProgress = 0

/**
 * Begins a call: returns the context to run the client in. Through it, what happens on the wire finds
 * the call, and other instrumentations do not trace the call again. Both hold only until the call is
 * over, since sockets and listeners keep a context for longer.
 */
export function enter(call: LogicalCall): Context {
  if (!call.isOpen) inProgress += 1
  call.isOpen = true
  return new CallContext(call)
}

/** The call is over: the application has its response or its error. */
export function leave(call: LogicalCall): void {
  if (!call.isOpen) return
  inProgress -= 1
  call.isOpen = false
  call.whenClosed?.()
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

class CallContext implements Context {
  readonly #call: LogicalCall

  constructor(call: LogicalCall) {
    this.#call = call
  }

  getValue(key: symbol): unknown {
    const call = this.#call
    if (call.isOpen) {
      if (key === SUPPRESS_TRACING_KEY) return true
      if (key === CALL_KEY) return call
    }
    return call.parent.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    const call = this.#call
    if (call.isOpen && isUntracedSpan(value)) return new ForeignSpanContext(this, key, value, call)
    return new DerivedContext(this, key, value)
  }

  deleteValue(key: symbol): Context {
    return new DerivedContext(this, key, undefined)
  }
}

// What an SDK gives for a span where tracing is off.
function isUntracedSpan(value: unknown): boolean {
  if (typeof (value as Partial<Span> | undefined)?.isRecording !== 'function') return false
  const span = value as Span
  return !span.isRecording() && !isSpanContextValid(span.spanContext())
}

class DerivedContext implements Context {
  readonly #base: Context
  readonly #key: symbol
  readonly #value: unknown

  constructor(base: Context, key: symbol, value: unknown) {
    this.#base = base
    this.#key = key
    this.#value = value
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#base.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return new DerivedContext(this, key, value)
  }

  deleteValue(key: symbol): Context {
    return new DerivedContext(this, key, undefined)
  }
}

/**
 * The context that another instrumentation of HTTP makes for a call: it gets no span, and measures all
 * the same. What it does next tells it from instrumentations of sockets: it hands this context to a
 * propagator, to send the span along, before anything runs in it.
 */
class ForeignSpanContext extends DerivedContext {
  readonly #key: symbol
  readonly #call: LogicalCall

  constructor(base: Context, key: symbol, value: unknown, call: LogicalCall) {
    super(base, key, value)
    this.#key = key
    this.#call = call
  }

  override getValue(key: symbol): unknown {
    const isRead = key === this.#key || key === SUPPRESS_TRACING_KEY
    if (isRead && context.active() !== this) this.#call.isMeasuredByOthers = true
    return super.getValue(key)
  }
}
