// What the other packages of Callchain import from core. It makes no promises to anyone else: a name
// may change or go in any version.
export { identityLogFields } from './identity/log-fields.ts'
export { type ErrorLog, recordErrorLog, wantsErrorLog } from './logs/error-log.ts'
export { KNOWN_CONTEXT, knownContext } from './logs/known-context.ts'
export { hasLogSink, type LogLine, type LogSink, setLogSink, sinkLog } from './logs/log-sink.ts'
export { followResponse, type OpenedRequest, openNodeRequest } from './node/trace-request.ts'
export { checkOptions, type OptionRule, type OptionRules } from './otel/check-options.ts'
export { safely } from './otel/guard.ts'
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
