export type { DatabaseOptions, QueryParameter } from './options.ts'
export type { BoundValues } from './parameters.ts'
export { type TracedQuery, type TraceQueryOptions, traceQuery } from './trace-query.ts'
