import type { Layout } from './layout.ts'
import { edgeId } from './words.ts'

/** Something on the map that can be chosen, and its middle. */
export interface Spot {
  readonly id: string
  readonly x: number
  readonly y: number
}

/** All nodes and calls, callers first; those next to one another from above, or from the left. */
export function spotsOf({ direction, nodes, edges }: Layout): Spot[] {
  return [
    ...nodes.map(({ node, x, y }) => ({ id: node.id, x, y })),
    ...edges.map(({ edge, x, y }) => ({ id: edgeId(edge), x, y })),
  ].sort(direction === 'TB' ? fromAbove : fromLeft)
}

function fromLeft(a: Spot, b: Spot): number {
  return a.x - b.x || a.y - b.y
}

function fromAbove(a: Spot, b: Spot): number {
  return a.y - b.y || a.x - b.x
}
