// What applications import, and the authors of adapters, of clients and of wrappers for drivers.
export type { ClientCall } from './client/call.ts'
export type { ClientOptions, SendOptions } from './client/options.ts'
export { type ClientTracer, createClientTracer } from './client/tracer.ts'
export { createContextManager } from './context/context-manager.ts'
export { inRequest } from './context/in-request.ts'
export { reentering, type Step } from './context/reentering.ts'
export type { IdentitySource } from './context/scope.ts'
export type { DatabaseCall } from './database/call.ts'
export type { DatabaseResult, DatabaseStatement } from './database/statement.ts'
export {
  createDatabaseTracer,
  type DatabaseTracer,
  type DatabaseTracerOptions,
} from './database/tracer.ts'
export type { HttpClientRequest, HttpClientResponse } from './http/client-exchange.ts'
export type { FrameworkRequest, NodeRequest, NodeResponse } from './http/framework-request.ts'
export type { HttpServerRequest, HttpServerResponse } from './http/server-exchange.ts'
export type { IdentityInput } from './identity/assign.ts'
export type { IdentityFieldOptions, IdentityHash } from './identity/definition.ts'
export {
  type IdentityField,
  identityField,
  tenant,
  user,
} from './identity/fields.ts'
export { type CarriedContext, carryContext, runCarried } from './job/carried.ts'
export { type Environment, jobEnv } from './job/job-env.ts'
export type { JobOptions } from './job/options.ts'
export { runWithIdentity } from './job/run-with-identity.ts'
export { traceJob } from './job/trace-job.ts'
export { keepTrace } from './keep/keep-trace.ts'
export type { DeliveryCall } from './message/delivery-call.ts'
export type {
  MessageDelivery,
  MessageDestination,
  MessageOutcome,
  MessageSending,
  ReceivedMessage,
  SentMessage,
} from './message/exchange.ts'
export type {
  MessageFacts,
  MessageOptions,
  MessageSendOptions,
  MessageTrace,
} from './message/options.ts'
export type { SendCall } from './message/send.ts'
export { createMessageTracer, type MessageTracer } from './message/tracer.ts'
export { traceNodeRequest } from './node/trace-request.ts'
export { type CurrentTrace, currentTrace } from './otel/current-trace.ts'
export { createPropagator, type PropagatorOptions } from './propagation/propagator.ts'
export type { RpcClientCall } from './rpc/client-call.ts'
export type { RpcClientOptions } from './rpc/client-options.ts'
export { createRpcClientTracer, type RpcClientTracer } from './rpc/client-tracer.ts'
export type {
  RpcClientOutcome,
  RpcClientRequest,
  RpcMessages,
  RpcMethod,
  RpcOutcome,
  RpcServerRequest,
} from './rpc/exchange.ts'
export type { RpcServerCall } from './rpc/server-call.ts'
export type { RpcServerOptions } from './rpc/server-options.ts'
export { createRpcServerTracer, type RpcServerTracer } from './rpc/server-tracer.ts'
export type { ServerCall } from './server/call.ts'
export { noteError } from './server/note-error.ts'
export type { EdgeOption, TracingOptions } from './server/options.ts'
export { setRoute } from './server/set-route.ts'
export { createServerTracer, runIn, type ServerTracer } from './server/tracer.ts'
export type { HostRule } from './trust/host-rules.ts'
export type { Caller, TrustOption } from './trust/trust.ts'
