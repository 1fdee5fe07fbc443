export type { TracingOptions } from '@callchain/core'
export { tracing, tracing as default } from './tracing.ts'
