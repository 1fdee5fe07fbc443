import type { KeptSpan } from '@callchain/viewer'

/** A span of a chain, with the spans below it. */
export interface ChainSpan extends KeptSpan {
  /** The spans that it is the parent of, in the order of their begin. */
  readonly children: readonly ChainSpan[]
}

/** When a span began and ended, as numbers that can be compared with those of others. */
export interface SpanOrder {
  readonly began: number
  readonly ended: number
}

/** Tells when a span began and ended. */
export type OrderOf = (span: KeptSpan) => SpanOrder

/** By the clock of the span's service; many begin at a whole millisecond, and may have begun later in it. */
export const orderByClock: OrderOf = ({ start, duration }) => ({
  began: start,
  ended: start + duration,
})

interface Growing extends KeptSpan {
  readonly children: Growing[]
}

/** Hangs each span below its parent. @returns those whose parent is not among them, in order */
export function growTrees(spans: readonly KeptSpan[], orderOf: OrderOf): ChainSpan[] {
  const grown = [...spans]
    .sort((a, b) => orderOf(a).began - orderOf(b).began || orderOf(a).ended - orderOf(b).ended)
    .map((span): Growing => ({ ...span, children: [] }))
  const byId = new Map(grown.map((span) => [span.id, span]))
  const roots: Growing[] = []
  for (const span of grown) {
    const parent = byId.get(span.parent)
    if (parent === undefined || parent === span) roots.push(span)
    else parent.children.push(span)
  }
  return roots
}

/** Every span of the trees, each before those below it. */
export function flatten(roots: readonly ChainSpan[]): ChainSpan[] {
  return roots.flatMap((span) => [span, ...flatten(span.children)])
}
