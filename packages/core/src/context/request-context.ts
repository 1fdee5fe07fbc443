import { type Baggage, type Context, propagation, type Span } from '@opentelemetry/api'
import { BAGGAGE_KEY, RPC_METADATA_KEY, SCOPE_KEY, SPAN_KEY } from '../otel/shared-keys.ts'
import { receivedBaggage, type Scope } from './scope.ts'

/**
 * The context of one request in a single object: the span, our scope, and on demand the two views
 * that other instrumentations ask for. The public API's own contexts copy a map for each value, and
 * a request would pay for that four times over. `baggage` shows in place of what the scope received.
 */
export function createRequestContext(
  base: Context,
  span: Span | undefined,
  scope: Scope,
  baggage?: Baggage,
): Context {
  return new RequestContext(baseOf(base), span, scope, baggage)
}

/** What lies below a request: one inside it needs nothing of the outer one, and must not keep it. */
export function baseOf(within: Context): Context {
  return within instanceof RequestContext ? within.base : within
}

/** Whether a context shows the baggage that came in, as it came, without making the view of it. */
export function showsReceived(within: Context): boolean {
  return within instanceof RequestContext && within.baggage === undefined
}

class RequestContext implements Context {
  readonly base: Context
  readonly span: Span | undefined
  readonly scope: Scope
  /** Set by the application through OpenTelemetry's API, in place of what came in. */
  readonly baggage: Baggage | undefined

  constructor(base: Context, span: Span | undefined, scope: Scope, baggage: Baggage | undefined) {
    this.base = base
    this.span = span
    this.scope = scope
    this.baggage = baggage
  }

  getValue(key: symbol): unknown {
    if (key === SPAN_KEY) return this.span
    if (key === SCOPE_KEY) return this.scope
    if (key === BAGGAGE_KEY) return this.baggage ?? receivedBaggage(this.scope)
    if (key === RPC_METADATA_KEY && this.isRequest()) return this.rpcMetadata()
    return this.base.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    const { base, span, scope, baggage } = this
    if (key === SPAN_KEY) return new RequestContext(base, value as Span, scope, baggage)
    if (key === SCOPE_KEY) return new RequestContext(base, span, value as Scope, baggage)
    if (key === BAGGAGE_KEY) return new RequestContext(base, span, scope, value as Baggage)
    return new RequestContext(base.setValue(key, value), span, scope, baggage)
  }

  deleteValue(key: symbol): Context {
    const { base, span, scope, baggage } = this
    if (key === SPAN_KEY) return new RequestContext(base, undefined, scope, baggage)
    if (key === BAGGAGE_KEY) {
      return new RequestContext(base, span, scope, propagation.createBaggage())
    }
    if (key === SCOPE_KEY) return span === undefined ? base : base.setValue(SPAN_KEY, span)
    return new RequestContext(base.deleteValue(key), span, scope, baggage)
  }

  private isRequest(): boolean {
    const { served } = this.scope
    return served !== undefined && served.kind === undefined
  }

  private rpcMetadata(): unknown {
    const { served } = this.scope
    if (served !== undefined) served.rpc ??= { type: 'http', span: served.span }
    return served?.rpc
  }
}
