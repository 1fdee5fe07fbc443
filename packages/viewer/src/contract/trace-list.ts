import type { SpanKind } from './span-words.ts'

/** The spans of one service in a trace. */
export interface ServiceCount {
  readonly name: string
  readonly spans: number
  readonly errors: number
}

/** A span where an error began. */
export interface ErrorOrigin {
  readonly span: string
  readonly service: string
  readonly name: string
}

/** One sentence on what happened in a trace, and the span it is about. */
export interface Headline {
  readonly kind: 'failed' | 'handled' | 'repeated' | 'waited' | 'slow' | 'incomplete' | 'usual'
  readonly text: string
  readonly span?: string | undefined
}

/** A trace in a list. Times in milliseconds. */
export interface TraceSummary {
  readonly id: string
  readonly start: number
  readonly duration: number
  readonly root: {
    readonly id: string
    readonly service: string
    readonly name: string
    readonly kind: SpanKind
  }
  readonly spans: number
  readonly errors: number
  readonly headline: Headline
  /** Where its errors began: failed spans with nothing failed below them; the first of them. */
  readonly origins: readonly ErrorOrigin[]
  readonly services: readonly ServiceCount[]
  readonly statements: number
  readonly repeated: number
  readonly tenants: readonly string[]
  readonly users: readonly string[]
  readonly httpStatus?: number | undefined
  readonly logs: number
  readonly orphans: number
  readonly rootMissing: boolean
  readonly late: boolean
  readonly unkept: number
  readonly updated: number
}

/** A value, and how many of the matching traces have it. */
export interface Facet {
  readonly value: string
  readonly count: number
}

/** Counts over all matching traces. */
export interface Facets {
  readonly errors: number
  readonly incomplete: number
  readonly p95: number
  readonly slow: number
  readonly tenants: readonly Facet[]
  readonly users: readonly Facet[]
  readonly services: readonly Facet[]
}

/** What a query that nothing matches finds when different spans of a trace may satisfy its terms. */
export interface ApartAnswer {
  /** The query that finds them. */
  readonly q: string
  readonly matched: number
}

/** One page of the list of traces. */
export interface TracesAnswer {
  readonly traces: readonly TraceSummary[]
  readonly next: string | null
  readonly matched: number
  readonly total: number
  readonly facets: Facets
  /** Only where nothing matched and it would find something. */
  readonly apart?: ApartAnswer | undefined
}

/** Columns of one length: a point for each trace. */
export interface Scatter {
  readonly ids: readonly string[]
  readonly start: readonly number[]
  readonly duration: readonly number[]
  readonly errors: readonly number[]
  readonly service: readonly number[]
  readonly name: readonly string[]
  readonly services: readonly string[]
  readonly matched: number
}
