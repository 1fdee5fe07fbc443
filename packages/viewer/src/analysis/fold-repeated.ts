import { ERROR } from '../model/rows.ts'
import { summaryOf } from '../trace/span-type.ts'
import type { TreeNode } from './span-tree.ts'

/** One row: a span, or several of the same kind that follow one another. */
export interface FoldedRow {
  readonly node: TreeNode
  readonly count: number
  /** How long all of them took together, in nanoseconds. */
  readonly total: number
}

/** Fewer of the same are quicker to read as they are. */
const FOLDED_FROM = 3

/**
 * Folds siblings that do the same, one after the other, into one row. What failed, and what has something
 * below it, keeps a row of its own.
 */
export function foldRepeated(nodes: readonly TreeNode[]): FoldedRow[] {
  const rows: FoldedRow[] = []
  for (let at = 0; at < nodes.length; ) {
    const node = nodes[at]
    if (node === undefined) break
    let end = at + 1
    while (isSame(node, nodes[end])) end += 1
    const same = nodes.slice(at, end)
    if (same.length >= FOLDED_FROM) {
      const total = same.reduce((sum, { span }) => sum + span.duration, 0)
      rows.push({ node, count: same.length, total })
    } else for (const each of same) rows.push({ node: each, count: 1, total: each.span.duration })
    at = end
  }
  return rows
}

function isSame(one: TreeNode, other: TreeNode | undefined): boolean {
  if (other === undefined || one.parent !== other.parent || one.parent === undefined) return false
  if (one.children.length + other.children.length > 0) return false
  const [a, b] = [one.span, other.span]
  if (a.status === ERROR || b.status === ERROR) return false
  if (a.name !== b.name || a.kind !== b.kind) return false
  return a.resource.service === b.resource.service && summaryOf(a) === summaryOf(b)
}
