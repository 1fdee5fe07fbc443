/** What `/api/local` answers, as API.md says. Times and durations are in milliseconds. */

/** What an attribute can hold. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }
/** Attributes by key. */
export type Attributes = Record<string, Value>

export interface ServiceCount {
  name: string
  spans: number
  errors: number
}

/** One line of the list of traces. */
export interface TraceSummary {
  id: string
  start: number
  duration: number
  root: { id: string; service: string; name: string; kind: string }
  spans: number
  errors: number
  services: ServiceCount[]
  statements: number
  repeated: number
  tenants: string[]
  users: string[]
  httpStatus?: number
  logs: number
  orphans: number
  rootMissing: boolean
  late: boolean
  unkept: number
  updated: number
}

export interface Facet {
  value: string
  count: number
}

export interface TracesAnswer {
  traces: TraceSummary[]
  next: string | null
  matched: number
  total: number
  facets: {
    errors: number
    incomplete: number
    p95: number
    slow: number
    tenants: Facet[]
    users: Facet[]
    services: Facet[]
  }
}

/** Columns of one length. */
export interface Scatter {
  ids: string[]
  start: number[]
  duration: number[]
  errors: number[]
  service: number[]
  name: string[]
  services: string[]
  matched: number
}

export interface SpanEvent {
  name: string
  offset: number
  attributes?: Attributes
}

/** What the waterfall shows of a span. Of a large trace, this is all that comes with it. */
export interface Span extends Partial<SpanDetails> {
  id: string
  parent?: string
  depth: number
  descendants: number
  service: string
  name: string
  kind: string
  type: string
  offset: number
  duration: number
  self: number
  critical: number
  status: string
  statusMessage?: string
  orphan?: boolean
  circular?: boolean
  remoteParent?: boolean
  resource: number
  scope: number
  logs?: number
}

/** What only the panel shows of it. */
export interface SpanDetails {
  attributes: Attributes
  events?: SpanEvent[]
  links?: { trace: string; span: string; attributes: Attributes; known: boolean }[]
  linkedFrom?: { trace: string; span: string; service: string; name: string }[]
  summary?: string
  sql?: { system?: string; text?: string; group?: number }
  clipped?: boolean
  dropped?: { attributes: number; events: number; links: number }
}

/** A span of which everything is known. */
export type WholeSpan = Span & SpanDetails

export interface StatementGroup {
  system: string
  text: string
  normalised: string
  count: number
  total: number
  max: number
  share: number
  errors: number
  repeated: { parent: string; count: number; spans: string[] }[]
  spans: string[]
}

export interface Trace {
  trace: TraceSummary
  resources: { service: string; attributes: Attributes }[]
  scopes: { name: string; version: string; attributes: Attributes }[]
  /** The spans say only what the waterfall shows. */
  brief?: boolean
  spans: Span[]
  criticalPath: { span: string; from: number; to: number }[]
  statements: StatementGroup[]
  skew: { span: string; by: number }[]
}
