export type { TracingOptions } from '@callchain/core'
export { tracing } from './tracing.ts'
