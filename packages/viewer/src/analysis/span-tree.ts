import type { SpanRow } from '../model/rows.ts'
import { byStart, topsOfCircles } from '../trace/circles.ts'
import { childrenOf, type Stretch, stretchOf } from '../trace/self-time.ts'
import { spanOf, type TraceRecord } from '../trace/trace-record.ts'

/** A span in its place. */
export interface TreeNode {
  readonly span: SpanRow
  readonly depth: number
  readonly stretch: Stretch
  readonly children: TreeNode[]
  readonly parent: TreeNode | undefined
  descendants: number
  /** Nanoseconds on the critical path. */
  critical: number
}

/** The spans of a trace in drawing order: depth first, siblings by begin. None is left out, whatever its parent says. */
export function spanTree(record: TraceRecord): TreeNode[] {
  const byParent = childrenOf(record)
  const nodes: TreeNode[] = []
  const seen = new Set<SpanRow>()
  const tops = record.spans.filter(
    (span) => span.parent === '' || spanOf(record, span.parent) === undefined,
  )
  for (const top of tops.sort(byStart)) walk(top, record, byParent, seen, nodes)
  // What is left are circles, and what hangs below them.
  if (nodes.length < record.spans.length) {
    const left = record.spans.filter((span) => !seen.has(span))
    for (const top of topsOfCircles(record, left)) walk(top, record, byParent, seen, nodes)
  }
  for (const node of [...nodes].reverse())
    if (node.parent) node.parent.descendants += node.descendants + 1
  return nodes
}

/** With its own stack, since a chain may be deeper than the engine's. */
function walk(
  top: SpanRow,
  record: TraceRecord,
  byParent: ReadonlyMap<string, readonly SpanRow[]>,
  seen: Set<SpanRow>,
  into: TreeNode[],
): void {
  const stack: { span: SpanRow; parent: TreeNode | undefined }[] = [
    { span: top, parent: undefined },
  ]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { span, parent } = next
    if (seen.has(span)) continue
    seen.add(span)
    const node: TreeNode = {
      span,
      depth: parent === undefined ? 0 : parent.depth + 1,
      stretch: stretchOf(record, span),
      children: [],
      parent,
      descendants: 0,
      critical: 0,
    }
    into.push(node)
    parent?.children.push(node)
    const inner = byParent.get(span.id)
    if (inner === undefined) continue
    for (const child of [...inner].sort(byStart).reverse())
      stack.push({ span: child, parent: node })
  }
}
