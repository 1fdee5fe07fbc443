export type { TracingOptions } from '@callchain/core'
export { type TracingMiddleware, tracing } from './tracing.ts'
export { type ErrorMiddleware, tracingErrors } from './tracing-errors.ts'
