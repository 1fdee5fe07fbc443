// What the other packages of Callchain import from core. It makes no promises to anyone else: a name
// may change or go in any version.
export { bindEmitter } from './context/emitter-binding.ts'
export { keepTraced, tracedRequest } from './context/traced-requests.ts'
export { errorType } from './errors/database-error.ts'
export { isError } from './errors/error-name.ts'
export { failSpan } from './errors/fail-span.ts'
export { markFailed } from './errors/span-error.ts'
export { parseUrl } from './http/parse-url.ts'
export { createQueryRedactor } from './http/url-redaction.ts'
export { identityAttribute, identityLogFields } from './identity/log-fields.ts'
export { setTraceKeeper, type TraceKeeper, traceKeeper } from './keep/trace-keeper.ts'
export { type ErrorLog, recordErrorLog, wantsErrorLog } from './logs/error-log.ts'
export { lineFields, type MakeLineFields } from './logs/line-fields.ts'
export { requestContextOf } from './logs/request-context-of.ts'
export { adoptOffered } from './message/adopt.ts'
export {
  type Connection,
  type ConnectionMessage,
  nameMessage,
  openConnection,
} from './message/connection.ts'
export { type OpenMessage, openMessage, withOpenMessage } from './message/open-message.ts'
export { followResponse, type OpenedRequest, openNodeRequest } from './node/trace-request.ts'
export { traceNodeUpgrade } from './node/trace-upgrade.ts'
export { checkOptions, isNamed, type OptionRule, type OptionRules } from './otel/check-options.ts'
export { count } from './otel/counters.ts'
export { guard, noteThrown } from './otel/guard.ts'
export { emitLogLine, hasLogSink, type LogLine, type LogSink, setLogSink } from './otel/log-sink.ts'
export { optionError } from './otel/option-error.ts'
export {
  FLAG,
  FUNCTION,
  having,
  inside,
  listOf,
  NAME,
  NAMES,
  oneOf,
  PROPAGATOR,
  SYNC_FUNCTION,
  TRACER_PROVIDER,
} from './otel/option-rules.ts'
export { announceSdk, type SdkTraits } from './otel/sdk-traits.ts'
export {
  DISPATCHED,
  EDGE_JOIN_KEY,
  EXIT_FLUSH,
  EXPRESS_ERROR,
  FASTIFY_REENTERING,
  FASTIFY_REQUEST,
  GIVEN_AGENT,
  GRAPHQL_OPERATION_KEY,
  GRPC_CALL_KEY,
  HANDS_ON_LINES,
  INSIDE_NATS_KEY,
  KNOWN_MESSAGES,
  KOA_ROUTE,
  KOA_ROUTER,
  LINE_CONTEXT,
  PACKET_METADATA_KEY,
  PINO_LINES,
  RECORDER_OBSERVERS,
  REDIS_SELECTED,
  REDIS_WAITED,
  REQUEST_CONTEXT,
  RUNNING_TRACING,
  SUPPRESS_TRACING_KEY,
  TEST_RECORDERS,
  TRACED_CLIENT,
  TRACED_DRIVER,
  TRACED_GRPC_SERVER,
  TRACED_LOGGER,
  TRACED_MIXIN,
  WITHDRAWN,
} from './otel/shared-keys.ts'
export { SCHEMA_URL } from './otel/version.ts'
export { proposeRoute } from './server/set-route.ts'
