// What the other packages of Callchain import from core. It makes no promises to anyone else: a name
// may change or go in any version.
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
