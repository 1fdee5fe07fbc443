export type { DatabaseOptions, QueryParameter } from './driver/options.ts'
export type { BoundValues } from './sql/parameters.ts'
export type { TracedQuery } from './sql/traced-query.ts'
export { type TraceQueryOptions, traceQuery } from './trace-query.ts'
