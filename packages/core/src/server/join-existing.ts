import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import { attachScope, scopeOf } from '../context/scope.ts'
import { recordConflicts } from '../identity/assign.ts'
import { type RpcMetadata, rpcMetadata } from '../otel/rpc-metadata.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { contextOfIncoming, createRequestScope } from './arrival.ts'
import { joinedCall, type ServerCall } from './call.ts'
import type { IncomingRequest } from './incoming-request.ts'

interface Existing {
  readonly span: Span
  readonly rpc: RpcMetadata | undefined
}

/**
 * Joins the SERVER span that another library has opened for this request: it gets the route, the
 * identity and the error from us, and is not ended by us. `undefined` when there is none.
 */
export function joinExisting(incoming: IncomingRequest): ServerCall | undefined {
  const { settings, active, received, remote } = incoming
  const existing = existingServerSpan(active)
  if (existing === undefined) return undefined
  const { span, rpc } = existing
  const continued = remote?.traceId === span.spanContext().traceId ? remote : undefined
  const scope = createRequestScope(incoming, continued)
  const { errorLogs = false } = settings.options
  const served = { span, route: undefined, error: undefined, rpc, errorLogs }
  scope.served = served
  if (rpc !== undefined) attachScope(rpc, scope)
  const attributes: Attributes = {}
  addIdentityAttributes(attributes, scope, 'server')
  span.setAttributes(attributes)
  recordConflicts(span, received.conflicts)
  return joinedCall(incoming, served, contextOfIncoming(incoming, span, scope))
}

function existingServerSpan(active: Context): Existing | undefined {
  // Most requests arrive where there is nothing to look at.
  if (active === ROOT_CONTEXT) return undefined
  // A request that arrives inside one of ours is another one: a test's `inject`, a server in a server.
  if (scopeOf(active)?.inRequest === true) return undefined
  const rpc = rpcMetadata(active)
  if (rpc !== undefined) return { span: rpc.span, rpc }
  const span = trace.getSpan(active)
  if (span === undefined || !span.isRecording()) return undefined
  const { kind } = span as { kind?: SpanKind }
  return kind === SpanKind.SERVER ? { span, rpc: undefined } : undefined
}
