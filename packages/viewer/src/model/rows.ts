import type { AttributeValue } from './attribute-value.ts'
import type { Attributes } from './attributes.ts'

/** Who sent: one for all spans of a process. */
export interface Resource {
  readonly service: string
  readonly attributes: Attributes
  /** What it counts for against the cap, once for all rows that have it. */
  readonly bytes: number
}

/** The library that made a span. */
export interface Scope {
  readonly name: string
  readonly version: string
  readonly attributes: Attributes
  readonly bytes: number
}

/** An event of a span; its time is split like a span's. */
export interface EventRow extends Attributes {
  readonly name: string
  readonly micros: number
  readonly nanos: number
}

/** A link from a span to another, perhaps in another trace. */
export interface LinkRow extends Attributes {
  readonly trace: string
  readonly span: string
  readonly state: string
}

/** How many the sender itself has left out. */
export interface Dropped {
  readonly attributes: number
  readonly events: number
  readonly links: number
}

/**
 * One span as it is kept. It starts at `micros` microseconds since 1970 and `nanos` (0 to 999)
 * nanoseconds, since one number cannot hold it; `duration` is in nanoseconds. `parent` is '' for a
 * root. `kind` and `status` are OTLP's numbers. `bytes` is what it counts for against the cap.
 * `unknown` says what its sender did not say about its time, a sum of `Unknown`. `half` is the id that it
 * was sent with when another span has that id, else ''.
 */
export interface SpanRow extends Attributes {
  readonly id: string
  readonly parent: string
  readonly name: string
  readonly kind: number
  readonly micros: number
  readonly nanos: number
  readonly duration: number
  readonly unknown: number
  readonly half: string
  readonly status: number
  readonly message: string
  readonly flags: number
  readonly state: string
  readonly resource: Resource
  readonly scope: Scope
  readonly events: readonly EventRow[]
  readonly links: readonly LinkRow[]
  readonly dropped: Dropped | undefined
  readonly clipped: boolean
  readonly bytes: number
}

/** One log line as it is kept; `trace` and `span` are '' when not known. `severity` is OTLP's number, 0 to 24. */
export interface LogRow extends Attributes {
  readonly micros: number
  readonly nanos: number
  readonly severity: number
  readonly severityText: string
  readonly body: AttributeValue
  readonly trace: string
  readonly span: string
  readonly event: string
  readonly flags: number
  readonly resource: Resource
  readonly scope: Scope
  readonly bytes: number
}

/** What a sender may leave unsaid of a span's time. `place`: nothing tells when it was, so that its trace places it. */
export const Unknown = { begin: 1, duration: 2, place: 4 } as const

/** Puts two pieces of one span together. @returns the first of them as it is when the second says nothing new */
export type MergeRows = (kept: SpanRow, piece: SpanRow) => SpanRow

/** What a reader made of one request: `traces[i]` is the trace of `spans[i]`. */
export interface Decoded {
  readonly traces: string[]
  readonly spans: SpanRow[]
  readonly logs: LogRow[]
  /** Data points of metrics, which are counted only. */
  metrics: number
  /** Set where spans may come in pieces; where not, the first of two with one id is kept. */
  merge?: MergeRows
  /** How many spans or log lines were refused. */
  rejected: number
  /** Why they were, and what else was not understood, each once. */
  readonly reasons: Set<string>
}

/** An empty result for a reader to fill. */
export function nothingDecoded(): Decoded {
  return { traces: [], spans: [], logs: [], metrics: 0, rejected: 0, reasons: new Set() }
}

/** The names of OTLP's span kinds, by number. */
export const KINDS = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
] as const
/** The names of OTLP's status codes, by number. */
export const STATUSES = ['unset', 'ok', 'error'] as const
/** OTLP's number of an error. */
export const ERROR = 2
