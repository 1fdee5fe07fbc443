export type { AnsweredError } from './operation/answered-error.ts'
export type {
  GraphqlOptions,
  GraphqlServerOptions,
  OperationFacts,
} from './operation/options.ts'
export { type Execute, traceExecution } from './schema/trace-execution.ts'
export { traceSchema } from './schema/trace-schema.ts'
