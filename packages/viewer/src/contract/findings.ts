import type { TraceSummary } from './trace-list.ts'

/** A trace worth a look. */
export interface Finding {
  readonly trace: TraceSummary
  /** The statement that its sentence is about; absent where that is not one. */
  readonly statement?: string | undefined
}

/** Errors that began in the same place with the same reason. Times in milliseconds since 1970. */
export interface ErrorGroup {
  /** Where, and with what: `inventory: UPDATE shelf (23514: no stock)`. */
  readonly text: string
  /** How many spans failed like this. */
  readonly count: number
  /** In how many traces. */
  readonly traces: number
  /** How many of these traces failed as a whole; the others survived it. */
  readonly failed: number
  readonly first: number
  readonly last: number
  /** The newest trace with it, and the span where it began. */
  readonly sample: { readonly trace: string; readonly span: string }
  /** The root of that trace: `gateway POST /orders`. */
  readonly root: string
  readonly statement?: string | undefined
}

/** The kinds of errors, the one seen last first; `more` counts those left out. */
export interface ErrorsAnswer {
  readonly errors: readonly ErrorGroup[]
  readonly more: number
  /** How many traces have an error. */
  readonly matched: number
}

/** A trace, and how long its operation usually takes, in milliseconds. */
export interface SlowTrace extends Finding {
  /** The median of its operation; absent where fewer than ten are known. */
  readonly usual?: number | undefined
}

/** The traces that took the most time beyond what is usual for them. */
export interface SlowAnswer {
  readonly traces: readonly SlowTrace[]
  readonly matched: number
}
