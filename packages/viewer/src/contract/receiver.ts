/** One request of an exporter. Times in milliseconds. */
export interface ExportEntry {
  readonly time: number
  readonly from: string
  readonly path: string
  readonly format: string
  readonly encoding: string
  readonly bytes: number
  readonly rawBytes: number
  readonly spans: number
  readonly logs: number
  readonly metrics: number
  readonly rejected: number
  readonly status: number
  readonly error?: string | undefined
  readonly warning?: string | undefined
  readonly userAgent?: string | undefined
  readonly services: readonly string[]
  readonly took: number
}

/** Why something does not show. */
export interface Hint {
  readonly code: string
  readonly message: string
  readonly time: number
  readonly from?: string | undefined
}

/** A service that has sent something. */
export interface SenderEntry {
  readonly name: string
  readonly spans: number
  readonly logs: number
  readonly lastSeen: number
  readonly sdk?: string | undefined
  readonly unnamed: boolean
}

/** What is kept, what came and what was lost. */
export interface Stats {
  readonly spans: number
  readonly maxSpans: number
  readonly bytes: number
  readonly maxBytes: number
  readonly traces: number
  readonly logs: number
  readonly maxLogs: number
  readonly spansPerSecond: number
  readonly received: {
    readonly spans: number
    readonly logs: number
    /** Pieces of spans that were put together with others. */
    readonly merged: number
    readonly metrics: number
    readonly requests: number
    readonly refused: number
  }
  readonly lost: {
    readonly duplicates: number
    readonly evictedTraces: number
    readonly evictedSpans: number
    readonly evictedLogs: number
    readonly beyondTraceCap: number
    readonly clippedSpans: number
    readonly invalidSpans: number
  }
  readonly newest?: number | undefined
  readonly oldest?: number | undefined
  readonly paused: boolean
}

/** What was sent on to a backend, in exports. */
export interface ForwardFigures {
  readonly url: string
  readonly sent: number
  readonly waiting: number
  /** Those that the backend did not take. */
  readonly failed: number
  /** Those that there was no room for. */
  readonly dropped: number
  /** The last fault, in one sentence. */
  readonly fault?: string | undefined
}

/** What the receiver says of itself, and of those who send to it. */
export interface ReceiverAnswer {
  readonly endpoint: string
  /** Where other machines reach it. */
  readonly otherEndpoints: readonly string[]
  /** Where OTLP over gRPC is sent to; undefined where it is not received. */
  readonly grpcEndpoint?: string | undefined
  readonly version: string
  readonly pid: number
  readonly started: number
  readonly needsToken: boolean
  readonly exports: readonly ExportEntry[]
  readonly services: readonly SenderEntry[]
  readonly hints: readonly Hint[]
  readonly stats: Stats
  /** The file that everything is kept in; absent when it is not. */
  readonly keep?: string | undefined
  /** Absent when nothing is forwarded. */
  readonly forward?: ForwardFigures | undefined
}

/** Where a trace can be opened besides this viewer: the link is called `Open in {name}`. */
export interface TraceLink {
  readonly name: string
  /** An http or https address with `{traceId}` in its path, query or fragment. */
  readonly url: string
}

/** What a viewer says of itself to everyone, so that it can be found: `GET /health`. */
export interface Health {
  readonly name: 'callchain'
  readonly version: string
  readonly pid: number
  readonly needsToken: boolean
}
