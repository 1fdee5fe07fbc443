import { SUPPRESS_TRACING_KEY } from '@callchain/core/internal'
import { type Context, context, isSpanContextValid, type Span } from '@opentelemetry/api'

/** Not shared: each copy of this package knows its own calls only. */
export const CALL_KEY: symbol = Symbol('callchain call')

/** A call that is the context of what is done for it. */
interface CallContext extends Context {
  readonly isOpen: boolean
  /** Whether another instrumentation measures the call as well. */
  isMeasuredByOthers: boolean
}

/** The context of a call with another value. */
export function derive(call: CallContext, key: symbol, value: unknown): Context {
  if (call.isOpen && isUntracedSpan(value)) return new ForeignSpanContext(call, key, value)
  return new DerivedContext(call, key, value)
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
  readonly #call: CallContext

  constructor(call: CallContext, key: symbol, value: unknown) {
    super(call, key, value)
    this.#key = key
    this.#call = call
  }

  override getValue(key: symbol): unknown {
    const isRead = key === this.#key || key === SUPPRESS_TRACING_KEY
    if (isRead && context.active() !== this) this.#call.isMeasuredByOthers = true
    return super.getValue(key)
  }
}
