export type { TracingOptions } from '@callchain/core'
export { Traced } from './traced.ts'
export { type Tracing, TracingModule } from './tracing-module.ts'
