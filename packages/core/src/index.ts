export type { ClientCall } from './client-call.ts'
export type { ClientOptions, SendOptions } from './client-options.ts'
export { type ClientTracer, createClientTracer } from './client-tracer.ts'
export { createContextManager } from './context-manager.ts'
export { type CurrentTrace, currentTrace } from './current-trace.ts'
export { type ErrorLog, recordErrorLog, wantsErrorLog } from './error-log.ts'
export type { FrameworkRequest, NodeRequest, NodeResponse } from './framework-request.ts'
export type { HttpClientRequest, HttpClientResponse } from './http-client.ts'
export type { HttpServerRequest, HttpServerResponse } from './http-server.ts'
export {
  type IdentityField,
  type IdentityInput,
  identityField,
  runWithIdentity,
  tenant,
  user,
} from './identity.ts'
export type { IdentityFieldOptions, IdentityHash } from './identity-field.ts'
export { inRequest } from './in-request.ts'
export type { HostRule } from './internal-host.ts'
export { KNOWN_CONTEXT, knownContext } from './known-context.ts'
export { identityLogFields } from './log-fields.ts'
export { hasLogSink, type LogLine, type LogSink, setLogSink, sinkLog } from './log-sink.ts'
export {
  followResponse,
  type OpenedRequest,
  openNodeRequest,
  traceNodeRequest,
} from './node-http.ts'
export { createPropagator, type PropagatorOptions } from './propagator.ts'
export type { Query, QueryResult } from './query.ts'
export type { QueryCall } from './query-call.ts'
export { createQueryTracer, type QueryTracer, type QueryTracerOptions } from './query-tracer.ts'
export { reentering, type Step } from './reentering.ts'
export type { IdentitySource } from './scope.ts'
export { announceSdk, type SdkTraits } from './sdk-traits.ts'
export type { ServerCall } from './server-call.ts'
export { createServerTracer, runIn, type ServerTracer } from './server-tracer.ts'
export { setRoute } from './set-route.ts'
export type { EdgeOption, TracingOptions } from './tracing-options.ts'
export type { Caller, TrustOption } from './trust.ts'
