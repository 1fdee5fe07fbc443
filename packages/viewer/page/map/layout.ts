import { Graph, layout } from '@dagrejs/dagre'
import type { MapEdge, MapNode, ServiceMap } from '../../src/contract/figures.ts'

interface Point {
  readonly x: number
  readonly y: number
}

/** The centre of a node, and its size. */
interface Box extends Point {
  readonly width: number
  readonly height: number
}

/** A node with its place. */
export interface PlacedNode extends Box {
  readonly node: MapNode
}

/** An edge with the points it runs through, and where its words stand. */
export interface PlacedEdge {
  readonly edge: MapEdge
  readonly points: readonly Point[]
  readonly x: number
  readonly y: number
}

/** Where calls lead to: from left to right, or from above to below. */
export type Direction = 'LR' | 'TB'

/** The map as it is drawn. */
export interface Layout {
  readonly direction: Direction
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly PlacedEdge[]
  readonly width: number
  readonly height: number
}

/** Width and height in dots. */
export interface Room {
  readonly width: number
  readonly height: number
}

/** Lays the map out, callers first. */
export function layoutMap(map: ServiceMap, direction: Direction): Layout {
  const graph = new Graph({ multigraph: false, compound: false })
  graph.setGraph({ rankdir: direction, nodesep: 36, ranksep: 20, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of [...map.nodes].sort((a, b) => a.id.localeCompare(b.id)))
    graph.setNode(node.id, { width: 164, height: 68 })
  for (const edge of map.edges)
    graph.setEdge(edge.from, edge.to, { width: 92, height: 30, labelpos: 'c' })
  layout(graph)
  const size = graph.graph()
  const boxOf = (id: string): Box => {
    const { x, y, width, height } = graph.node(id)
    return { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 }
  }
  return {
    direction,
    nodes: map.nodes.map((node) => ({ node, ...boxOf(node.id) })),
    edges: map.edges.map((edge) => {
      const { points = [], x = 0, y = 0 } = graph.edge(edge.from, edge.to)
      const line = edge.from === edge.to ? loopOf({ x, y }, boxOf(edge.from)) : points
      return { edge, points: line, x, y }
    }),
    width: size.width ?? 0,
    height: size.height ?? 0,
  }
}

// Of a call to the service itself the layout gives the place of the words alone: it leaves the node and
// comes back to it through there.
function loopOf(words: Point, box: Box): readonly Point[] {
  const [dx, dy] = [words.x - box.x, words.y - box.y]
  if (Math.abs(dx) > box.width / 2) {
    const [side, above, below] = [box.x + (Math.sign(dx) * box.width) / 2, box.y - 18, box.y + 18]
    const turn = (y: number): Point => ({ x: words.x, y })
    return [{ x: side, y: above }, turn(above), turn(words.y), turn(below), { x: side, y: below }]
  }
  const [edge, left, right] = [box.y + (Math.sign(dy) * box.height) / 2, box.x - 60, box.x + 60]
  const turn = (x: number): Point => ({ x, y: words.y })
  return [{ x: left, y: edge }, turn(left), turn(words.x), turn(right), { x: right, y: edge }]
}

/** Beyond this the map is scrolled, so that its words can be read. */
export const MIN_SCALE = 0.92

/** By how much a map must be reduced to be seen whole; 1 if there is enough room. */
export function fitOf(layout: Room, room: Room): number {
  return Math.min(1, room.width / layout.width, room.height / layout.height)
}

/** The path of an edge, bent softly through its points. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${first.x},${first.y}`
  for (let i = 0; i < rest.length - 1; i++) {
    const at = rest[i]
    const next = rest[i + 1]
    if (!at || !next) continue
    const end = i === rest.length - 2 ? next : { x: (at.x + next.x) / 2, y: (at.y + next.y) / 2 }
    path += `Q${at.x},${at.y} ${end.x},${end.y}`
  }
  if (rest.length === 1 && rest[0]) path += `L${rest[0].x},${rest[0].y}`
  return path
}
