import {
  type Context,
  context,
  createContextKey,
  isSpanContextValid,
  type Span,
} from '@opentelemetry/api'
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
  if (!call.open) inProgress += 1
  call.open = true
  return new CallContext(call)
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

class CallContext implements Context {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  getValue(key: symbol): unknown {
    const call = this.#call
    if (call.open) {
      if (key === SUPPRESS_TRACING_KEY) return true
      if (key === CALL_KEY) return call
    }
    return call.base.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    const call = this.#call
    if (call.open && isNoSpan(value)) return new OthersLayer(this, key, value, call)
    return new Layer(this, key, value)
  }

  deleteValue(key: symbol): Context {
    return new Layer(this, key, undefined)
  }
}

// What an SDK gives for a span where tracing is off.
function isNoSpan(value: unknown): boolean {
  if (typeof (value as Partial<Span> | undefined)?.isRecording !== 'function') return false
  const span = value as Span
  return !span.isRecording() && !isSpanContextValid(span.spanContext())
}

class Layer implements Context {
  readonly #below: Context
  readonly #key: symbol
  readonly #value: unknown

  constructor(below: Context, key: symbol, value: unknown) {
    this.#below = below
    this.#key = key
    this.#value = value
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#below.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return new Layer(this, key, value)
  }

  deleteValue(key: symbol): Context {
    return new Layer(this, key, undefined)
  }
}

/**
 * What another instrumentation of HTTP makes of a call: it gets no span, and measures all the same. It
 * is told from those of sockets by what it does next: it hands this to a propagator, to send the span
 * along, before anything runs in it.
 */
class OthersLayer extends Layer {
  readonly #key: symbol
  readonly #call: Call

  constructor(below: Context, key: symbol, value: unknown, call: Call) {
    super(below, key, value)
    this.#key = key
    this.#call = call
  }

  override getValue(key: symbol): unknown {
    const isAsked = key === this.#key || key === SUPPRESS_TRACING_KEY
    if (isAsked && context.active() !== this) this.#call.measured = true
    return super.getValue(key)
  }
}
