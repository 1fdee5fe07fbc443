import type { ServiceMap } from '../../src/contract/figures.ts'
import { edgeId } from './words.ts'

/** Whether something touches what is chosen; true for everything when nothing is chosen. */
export function neighbours(map: ServiceMap, chosen: string): (id: string) => boolean {
  if (chosen === '') return () => true
  const near = new Set([chosen])
  for (const edge of map.edges) {
    if (![edge.from, edge.to, edgeId(edge)].includes(chosen)) continue
    for (const id of [edge.from, edge.to, edgeId(edge)]) near.add(id)
  }
  return (id) => near.has(id)
}

/** The part of the map that touches what is chosen. */
export function partOf(map: ServiceMap, chosen: string): ServiceMap {
  const isNear = neighbours(map, chosen)
  return {
    ...map,
    nodes: map.nodes.filter(({ id }) => isNear(id)),
    edges: map.edges.filter((edge) => isNear(edgeId(edge))),
  }
}
