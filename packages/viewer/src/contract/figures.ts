import type { SpanKind, SpanStatus, SpanType } from './span-words.ts'

/** The range that figures are of; milliseconds since 1970, and its length in seconds. */
export interface Period {
  readonly from: number
  readonly to: number
  readonly seconds: number
}

/** The figures of the spans of one service, name and kind. Durations in milliseconds. */
export interface Operation {
  readonly service: string
  readonly name: string
  readonly kind: SpanKind
  readonly type: SpanType
  readonly count: number
  readonly rate: number
  readonly errors: number
  /** How many of the errors began here: nothing below them failed. */
  readonly origins: number
  readonly errorRate: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly total: number
  readonly slowest: { readonly trace: string; readonly span: string }
  readonly buckets: readonly number[]
  readonly q: string
}

/** The operations of all services, most time in total first; `more` counts those left out. */
export interface OperationsAnswer extends Period {
  readonly operations: readonly Operation[]
  readonly more: number
}

/** The figures of a node or an edge of the map. */
export interface MapNumbers {
  readonly calls: number
  readonly rate: number
  readonly errors: number
  readonly errorRate: number
  readonly p50: number
  readonly p95: number
  readonly q: string
}

/** What a node of the map stands for. */
export interface MapNodeFacts {
  readonly type: 'service' | 'database' | 'messaging' | 'external'
  readonly name: string
  readonly system?: string | undefined
  /** Where a database is, when that is known and not its name. */
  readonly host?: string | undefined
}

/** How long messages waited between the end of their send and the begin of their handling, in milliseconds. */
export interface QueueDelay {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** The figures of a queue or topic. */
export interface QueueFigures {
  readonly sent: number
  readonly processed: number
  readonly sendErrors: number
  readonly processErrors: number
  /** Absent when no message is known with both its sides. */
  readonly delay?: QueueDelay | undefined
}

/** A node of the map; only a queue has `queue`, and only a service `origins`. */
export interface MapNode extends MapNumbers, MapNodeFacts {
  readonly id: string
  readonly queue?: QueueFigures | undefined
  /** How many errors of the traces began in it: in a failed span with nothing failed below it. */
  readonly origins?: number | undefined
}

/** A call on the map; `async` when the caller does not wait. */
export interface MapEdge extends MapNumbers {
  readonly from: string
  readonly to: string
  readonly async: boolean
  readonly sample?: string
  /** Of what leads from a queue to who handles its messages. */
  readonly delay?: QueueDelay | undefined
}

/** Who calls whom. */
export interface ServiceMap extends Period {
  readonly nodes: readonly MapNode[]
  readonly edges: readonly MapEdge[]
  readonly traces: number
}

/** A span in a list. Times in milliseconds. */
export interface ShortSpan {
  readonly trace: string
  readonly id: string
  readonly service: string
  readonly name: string
  readonly kind: SpanKind
  readonly type: SpanType
  readonly start: number
  readonly duration: number
  readonly status: SpanStatus
  readonly summary?: string | undefined
}

/** One page of the list of spans. */
export interface SpansAnswer {
  readonly spans: readonly ShortSpan[]
  readonly next: string | null
  readonly matched: number
}
