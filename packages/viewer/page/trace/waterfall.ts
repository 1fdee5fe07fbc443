import type { Span } from '../../src/contract/trace.ts'
import type { Moves } from './moves.ts'
import type { Part } from './view.ts'

/** A part of the critical path, in milliseconds from the trace's start. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** All that the rows of the waterfall show besides their spans, as it is now. */
export interface Waterfall {
  readonly rows: readonly Span[]
  readonly spanOf: (id: string | undefined) => Span | undefined
  readonly part: Part
  readonly moved: Moves
  /** How wide the column of names is, in pixels. */
  readonly names: number
  /** Levels that are left out above the span whose subtree alone is shown. */
  readonly above: number
  readonly chosen: string
  readonly collapsed: ReadonlySet<string>
  readonly found: ReadonlySet<string>
  readonly withErrorBelow: ReadonlySet<string>
  /** The critical path by span; empty while it is not shown. */
  readonly critical: ReadonlyMap<string, readonly Stretch[]>
  /** How often a statement was repeated below a span. */
  readonly repeated: ReadonlyMap<string, number>
  /** By how many milliseconds the clock of a span's machine seems to differ from its caller's. */
  readonly skew: ReadonlyMap<string, number>
}
