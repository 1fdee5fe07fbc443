import type { Stretch } from '../trace/self-time.ts'
import type { TreeNode } from './span-tree.ts'

/** A stretch of the critical path, in nanoseconds from the begin of the trace. */
export interface PathPart extends Stretch {
  readonly node: TreeNode
}

interface Frame {
  readonly node: TreeNode
  /** Children by end, the last one at the end of the list. */
  readonly waiting: TreeNode[]
  /** The path before this is not decided yet. */
  cursor: number
}

/**
 * What the trace waited for: from the end of its root back to its start, always the child that ended
 * last before. Notes each span's share in `critical`. In order of time.
 */
export function criticalPath(root: TreeNode): PathPart[] {
  const parts: PathPart[] = []
  const stack: Frame[] = [frameOf(root, root.stretch.to)]
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = frame.waiting.pop()
    if (child === undefined) {
      addPart(parts, frame.node, frame.node.stretch.from, frame.cursor)
      stack.pop()
      continue
    }
    const to = Math.min(child.stretch.to, frame.cursor)
    const from = Math.max(child.stretch.from, frame.node.stretch.from)
    if (to <= from || child.stretch.from >= frame.cursor) continue
    addPart(parts, frame.node, to, frame.cursor)
    frame.cursor = from
    stack.push(frameOf(child, to))
  }
  return parts.reverse()
}

function frameOf(node: TreeNode, cursor: number): Frame {
  const waiting = [...node.children].sort((a, b) => a.stretch.to - b.stretch.to)
  return { node, waiting, cursor }
}

function addPart(parts: PathPart[], node: TreeNode, from: number, to: number): void {
  if (to <= from) return
  node.critical += to - from
  parts.push({ node, from, to })
}
