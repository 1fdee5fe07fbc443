/** What an import has brought. */
export interface ImportResult {
  /** What the file was: `otlp`, `jaeger` or `zipkin`. */
  readonly format: string
  /** Those that are kept, and were not there before; refused ones are among `rejected`. */
  readonly spans: number
  /** Log lines that are kept, and were not there before. */
  readonly logs: number
  /** Pieces that were put together with spans that were there, from this file or before; absent when there are none. */
  readonly merged?: number | undefined
  /** Spans and log lines that were there already; absent when there are none. */
  readonly known?: number | undefined
  /** Spans and log lines that were not kept. */
  readonly rejected: number
  /** A sentence on what was left out, and why; absent when nothing was. */
  readonly warning?: string | undefined
  /** The ids of the traces that the file has spans of, 100 at most. */
  readonly traces: readonly string[]
}

/** How a request is refused; `at` and `length` say where in the query, in characters. */
export interface ErrorAnswer {
  readonly error: {
    readonly message: string
    readonly at?: number | undefined
    readonly length?: number | undefined
  }
}
