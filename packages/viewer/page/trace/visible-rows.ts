import type { Span } from '../../src/contract/trace.ts'

/** What is left out of the waterfall. */
export interface Left {
  /** Where the span is whose subtree alone is shown; -1 when all are. */
  readonly at: number
  readonly collapsed: ReadonlySet<string>
  readonly hidden: ReadonlySet<string>
  /** The spans to show, and no other. */
  readonly only: ReadonlySet<string> | undefined
}

/** The spans that have a row, in drawing order. */
export function visibleRows(spans: readonly Span[], left: Left): readonly Span[] {
  const { at, collapsed, hidden, only } = left
  const end = at < 0 ? spans.length : at + 1 + (spans[at]?.descendants ?? 0)
  if (at < 0 && collapsed.size === 0 && hidden.size === 0 && !only) return spans
  const rows: Span[] = []
  for (let i = Math.max(0, at); i < end; i++) {
    const span = spans[i]
    if (!span) break
    if (!hidden.has(span.service) && (!only || only.has(span.id))) rows.push(span)
    if (!only && collapsed.has(span.id)) i += span.descendants
  }
  return rows
}
