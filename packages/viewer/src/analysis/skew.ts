import { nanosToMillis } from '../model/time.ts'
import type { TreeNode } from './span-tree.ts'

const CONSUMER = 5

/**
 * The spans whose subtree would have to be moved so that a call lies inside the one that made it, and
 * by how many milliseconds. Only where the clocks of two machines can be the reason: the callee lies
 * partly outside of a caller in another process that waited for it.
 */
export function skewOf(nodes: readonly TreeNode[]): { span: string; by: number }[] {
  const skewed: { span: string; by: number }[] = []
  for (const { span, stretch, parent } of nodes) {
    if (parent === undefined || span.resource === parent.span.resource) continue
    if (span.kind === CONSUMER || span.duration > parent.span.duration) continue
    const around = parent.stretch
    if (stretch.from >= around.from && stretch.to <= around.to) continue
    const gap = (parent.span.duration - span.duration) / 2
    skewed.push({ span: span.id, by: nanosToMillis(around.from + gap - stretch.from) })
  }
  return skewed
}
