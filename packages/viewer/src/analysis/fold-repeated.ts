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
  return foldRuns(nodes, isSame).map((same) => ({
    node: same[0],
    count: same.length,
    total: same.reduce((sum, { span }) => sum + span.duration, 0),
  }))
}

/** Items in runs of the same, one after the other; short runs fall into runs of one. */
export function foldRuns<Item>(
  items: readonly Item[],
  isSameAs: (one: Item, other: Item) => boolean,
): [Item, ...Item[]][] {
  const runs: [Item, ...Item[]][] = []
  for (let at = 0; at < items.length; ) {
    const run = runAt(items, at, isSameAs)
    if (run === undefined) break
    if (run.length >= FOLDED_FROM) runs.push(run)
    else for (const each of run) runs.push([each])
    at += run.length
  }
  return runs
}

function runAt<Item>(
  items: readonly Item[],
  at: number,
  isSameAs: (one: Item, other: Item) => boolean,
): [Item, ...Item[]] | undefined {
  const first = items[at]
  if (first === undefined) return undefined
  const run: [Item, ...Item[]] = [first]
  for (let next = items[at + 1]; next !== undefined; next = items[at + run.length]) {
    if (!isSameAs(first, next)) break
    run.push(next)
  }
  return run
}

function isSame(one: TreeNode, other: TreeNode): boolean {
  if (one.parent !== other.parent || one.parent === undefined) return false
  if (one.children.length + other.children.length > 0) return false
  const [a, b] = [one.span, other.span]
  if (a.status === ERROR || b.status === ERROR) return false
  if (a.name !== b.name || a.kind !== b.kind) return false
  return a.resource.service === b.resource.service && summaryOf(a) === summaryOf(b)
}
