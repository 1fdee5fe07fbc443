import type { Baggage, SpanContext } from '@opentelemetry/api'
import type { IdentityValue, Scope, ServedRequest } from '../context/scope.ts'
import type { BaggageMember } from '../w3c/baggage.ts'
import { FLAG_RANDOM } from '../w3c/traceparent.ts'
import type { ReceivedIdentity } from './baggage-identity.ts'

/**
 * The scope of a request that came with `remote` and continues `parent`, or no trace. What its
 * headers say about identity is asked for as late as somebody asks the scope.
 */
export class RequestScope implements Scope {
  readonly root = undefined
  served: ServedRequest | undefined = undefined
  readonly inRequest = true
  receivedView: Baggage | undefined = undefined
  private readonly read: ReceivedIdentity
  private readonly remote: SpanContext | undefined
  private readonly parent: SpanContext | undefined

  constructor(
    read: ReceivedIdentity,
    remote: SpanContext | undefined,
    parent: SpanContext | undefined,
  ) {
    this.read = read
    this.remote = remote
    this.parent = parent
  }

  get identity(): (IdentityValue | undefined)[] {
    return this.read.identity
  }

  get received(): readonly BaggageMember[] {
    return this.read.undeclared
  }

  get arrivedBaggage(): string | undefined {
    return this.read.arrived
  }

  get refusedTraceId(): string | undefined {
    return this.parent === undefined ? this.remote?.traceId : undefined
  }

  get continuedTraceId(): string | undefined {
    return this.parent?.traceId
  }

  get continuedRandom(): boolean {
    return this.parent !== undefined && (this.parent.traceFlags & FLAG_RANDOM) !== 0
  }
}
