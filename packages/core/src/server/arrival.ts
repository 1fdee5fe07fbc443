import { type Context, type Span, type SpanContext, trace } from '@opentelemetry/api'
import { createRequestContext } from '../context/request-context.ts'
import type { Scope } from '../context/scope.ts'
import { sdkTraits } from '../otel/sdk-traits.ts'
import {
  type ReceivedIdentity,
  receiveIdentity,
  receiveIdentityLate,
} from '../propagation/baggage-identity.ts'
import type { HeaderFormat } from '../propagation/header-format.ts'
import { type Carrier, foreignBaggage, readTrace } from '../propagation/incoming-trace.ts'
import { RequestScope } from '../propagation/request-scope.ts'
import type { Caller, TrustDecision } from '../trust/trust.ts'
import { FLAG_SAMPLED } from '../w3c/traceparent.ts'
import type { ServerSettings } from './settings.ts'

/** The settings that decide what is believed of a request, whatever its protocol. */
export interface ArrivalSettings extends Pick<ServerSettings, 'trust' | 'edge'> {
  readonly options: Pick<ServerSettings['options'], 'tracerProvider'>
}

/** What the headers of a request say, as far as its caller is trusted, whatever its protocol. */
export interface Arrival {
  readonly settings: ArrivalSettings
  /** The context that the request came in. */
  readonly active: Context
  /** What another propagator keeps of an internal caller's headers, on top of `active`. */
  readonly extracted: Context | undefined
  readonly decision: TrustDecision
  /** The caller's place in its trace. */
  readonly remote: SpanContext | undefined
  /** Whether the caller's place is passed on without a span of ours. */
  readonly isPassedOn: boolean
  readonly received: ReceivedIdentity
}

/** The caller's place in its trace, in whichever format it came. */
export function readRemote(
  request: Carrier,
  { foreign, trace: reads }: HeaderFormat,
  extracted: Context | undefined,
): SpanContext | undefined {
  if (!reads) return undefined
  if (foreign === undefined) return readTrace(request)
  return extracted === undefined ? undefined : trace.getSpanContext(extracted)
}

/** Whether nothing of the caller's trace would be kept: then its place is passed on as it is. */
export function isUnkept({ options }: ArrivalSettings, remote: SpanContext | undefined): boolean {
  return (
    remote !== undefined &&
    (remote.traceFlags & FLAG_SAMPLED) === 0 &&
    options.tracerProvider === undefined &&
    sdkTraits().followsParent === true
  )
}

/** What an internal caller's headers say about identity; `isLate` when it is read once somebody asks. */
export function readReceived(
  request: Pick<Carrier, 'header'>,
  caller: Caller,
  format: HeaderFormat,
  isLate: boolean,
): ReceivedIdentity {
  const late = isLate ? receiveIdentityLate(request, format) : undefined
  return late ?? receiveIdentity(request, caller, format)
}

/** The context to run the application in. */
export function contextOfIncoming(
  { active, extracted }: Arrival,
  span: Span | undefined,
  scope: Scope,
): Context {
  if (extracted === undefined) return createRequestContext(active, span, scope)
  return createRequestContext(extracted, span, scope, foreignBaggage(extracted, scope))
}

/** The scope of a request that continues `parent`, or no trace. */
export function createRequestScope(
  { received, remote }: Arrival,
  parent: SpanContext | undefined,
): Scope {
  return new RequestScope(received, remote, parent)
}
