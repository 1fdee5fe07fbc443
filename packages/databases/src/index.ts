export type { DatabaseOptions, QueryParameter } from './options.ts'
export type { BoundValues } from './parameters.ts'
export { type TraceQueryOptions, traceQuery } from './trace-query.ts'
export type { TracedQuery } from './traced-query.ts'
