import { useMemo } from 'preact/hooks'
import type { ServiceMap } from '../../src/contract/figures.ts'
import { fitOf, type Layout, layoutMap, MIN_SCALE, type Room } from './layout.ts'
import { edgeId } from './words.ts'

/** Places that stay while the same services make the same calls, with the figures of now. */
export function useLayout(map: ServiceMap, room: Room): Layout {
  const shape = JSON.stringify([
    map.nodes.map(({ id }) => id).sort(),
    map.edges.map(({ from, to }) => `${from}\n${to}`).sort(),
  ])
  const wide = useMemo(() => layoutMap(map, 'LR'), [shape])
  const isWide = fitOf(wide, room) >= MIN_SCALE
  const high = useMemo(() => (isWide ? undefined : layoutMap(map, 'TB')), [shape, isWide])
  const places = high && fitOf(high, room) > fitOf(wide, room) ? high : wide
  return useMemo(() => withFigures(places, map), [places, map])
}

function withFigures(places: Layout, map: ServiceMap): Layout {
  const nodes = new Map(map.nodes.map((node) => [node.id, node]))
  const edges = new Map(map.edges.map((edge) => [edgeId(edge), edge]))
  return {
    ...places,
    nodes: places.nodes.map((each) => ({ ...each, node: nodes.get(each.node.id) ?? each.node })),
    edges: places.edges.map((each) => ({
      ...each,
      edge: edges.get(edgeId(each.edge)) ?? each.edge,
    })),
  }
}
