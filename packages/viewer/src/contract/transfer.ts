/** What an import has brought. */
export interface ImportResult {
  readonly format: string
  /** Those that are kept, and were not there before; refused ones are among `rejected`. */
  readonly spans: number
  readonly logs: number
  /** Pieces that were put together with spans that were there, from this file or before; absent when there are none. */
  readonly merged?: number | undefined
  /** Spans and log lines that were there already; absent when there are none. */
  readonly known?: number | undefined
  readonly rejected: number
  /** A sentence on what was left out, and why; absent when nothing was. */
  readonly warning?: string | undefined
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
