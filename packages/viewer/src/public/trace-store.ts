/** A span, for a test to assert on. */
export interface KeptSpan {
  /** The trace id, in hexadecimal digits. */
  readonly trace: string
  /** The span id, in hexadecimal digits. */
  readonly id: string
  /** The id of the parent; `''` for a root. */
  readonly parent: string
  /** The name of its service. */
  readonly service: string
  readonly name: string
  /** `internal`, `server`, `client`, `producer`, `consumer` or `unspecified`. */
  readonly kind: string
  /** When it began, in milliseconds since 1970. */
  readonly start: number
  /** How long it took, in milliseconds. */
  readonly duration: number
  /** `unset`, `ok` or `error`. */
  readonly status: string
  readonly statusMessage: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly {
    readonly name: string
    readonly attributes: Readonly<Record<string, unknown>>
  }[]
  readonly links: readonly { readonly trace: string; readonly span: string }[]
  /** The text of the statement that it ran, else its operation and what it is run on; `''` when it ran none. */
  readonly statement: string
}

/** A statement that was run again and again, one run after the other, below one parent. */
export interface RepeatedStatement {
  /** The statement with its values struck out. */
  readonly statement: string
  /** The id of the span below which it was run; `''` when it was run at the top. */
  readonly parent: string
  /** The ids of the spans that ran it. */
  readonly spans: readonly string[]
}

/** Traces in memory, for a test to ask about; `startViewer({ store })` fills them over HTTP. */
export interface TraceStore {
  /**
   * Takes in OTLP, Jaeger or Zipkin v2 JSON.
   *
   * @throws Error with a sentence when it is something else
   */
  add(json: string): void
  /**
   * The spans that match a query of the viewer, all when there is none, oldest first.
   *
   * @throws Error when the query cannot be understood
   */
  spans(query?: string): KeptSpan[]
  /**
   * Waits until `count` spans match (1 by default), since exporters send late: `timeout` milliseconds
   * at most, 5000 by default.
   *
   * @throws Error when they do not come in time, with the number of those that did
   */
  waitFor(
    query: string,
    options?: {
      /** Default: 1. */
      readonly count?: number
      /** Milliseconds. Default: 5000. */
      readonly timeout?: number
    },
  ): Promise<KeptSpan[]>
  /**
   * The statements of a trace that were run at least `from` times, 11 by default, one after the other,
   * below one parent: what the viewer calls N+1. Statements of a transaction or a session do not count.
   */
  repeated(trace: string, from?: number): RepeatedStatement[]
  /**
   * The ids of a trace and of those that link to it, or to one that does: one story, where a service
   * begins a trace of its own for callers that it does not trust.
   */
  story(trace: string): string[]
  /** Calls `listener` whenever something has come. @returns a function that ends it */
  subscribe(listener: () => void): () => void
  /** Forgets everything. */
  clear(): void
}
