/** What an import has brought. */
export interface ImportResult {
  readonly format: string
  /** Those that were taken in; the others are among `rejected`. */
  readonly spans: number
  readonly logs: number
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
