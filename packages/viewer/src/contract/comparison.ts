import type { SpanKind } from './span-words.ts'
import type { TraceSummary } from './trace-list.ts'

/** How a row of a comparison is other than before. */
export type RowChange =
  | 'new'
  | 'gone'
  | 'repeated'
  | 'fewer'
  | 'failed'
  | 'mended'
  | 'slower'
  | 'faster'

/** One side of a row: of a median of several traces, what is usual in one of them. Times in milliseconds. */
export interface ComparedSide {
  /** How many spans the row stands for. */
  readonly count: number
  /** How long they took together. */
  readonly total: number
  readonly errors: number
}

/** Spans that do the same below the same row, in both traces. */
export interface ComparedRow {
  readonly depth: number
  readonly service: string
  readonly name: string
  readonly kind: SpanKind
  /** What it ran, when it is a statement. */
  readonly statement?: string | undefined
  readonly before: ComparedSide
  readonly after: ComparedSide
  /** Absent where both sides are alike. */
  readonly change?: RowChange | undefined
  /** The first of the spans after, else of those before. */
  readonly span: string
}

/** A trace next to another, or next to the median of its operation. */
export interface Comparison {
  /** The trace before; absent when it is the median of several. */
  readonly before?: TraceSummary | undefined
  readonly after: TraceSummary
  /** How many traces are before. */
  readonly of: number
  /** The duration before, in milliseconds: of several, the median. */
  readonly usual: number
  /** What is other, in one sentence. */
  readonly text: string
  readonly rows: readonly ComparedRow[]
}

/** A moment that was marked, to compare what came before it with what came after. */
export interface Mark {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** What an operation did, on one side of a moment: per trace of it, medians. Times in milliseconds. */
export interface OperationSide {
  readonly traces: number
  readonly spans: number
  readonly statements: number
  readonly p50: number
  /** How many of the traces failed at their root. */
  readonly errors: number
}

/** What an operation did before and after. */
export interface OperationChange {
  readonly service: string
  readonly name: string
  readonly kind: SpanKind
  /** Absent when there was none. */
  readonly before?: OperationSide | undefined
  readonly after?: OperationSide | undefined
  /** What is other: `statements 3 → 41`; empty when nothing is. */
  readonly changes: readonly string[]
  /** Something of it got worse. */
  readonly isWorse: boolean
  /** The newest trace after, else before. */
  readonly sample: string
}

/** What changed since a moment, the worst first. */
export interface ChangesAnswer {
  /** The moment, in milliseconds since 1970. */
  readonly since: number
  readonly operations: readonly OperationChange[]
}
