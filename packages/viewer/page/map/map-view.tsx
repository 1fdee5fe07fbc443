import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { ServiceMap } from '../api/figures.ts'
import { edgeId } from './edge-id.ts'
import { type Layout, layoutMap } from './layout.ts'
import { MapEdgeLine, MapEdgeWords } from './map-edge.tsx'
import { MapNodeBox } from './map-node.tsx'
import { MapSide } from './map-side.tsx'

interface MapViewProps {
  readonly map: ServiceMap
  readonly isTrace?: boolean
}

/** The map with the figures of what was chosen beside it. The layout changes only with its parts. */
export function MapView({ map, isTrace }: MapViewProps): JSX.Element {
  const [chosen, setChosen] = useState('')
  const shape = JSON.stringify([
    map.nodes.map(({ id }) => id).sort(),
    map.edges.map(({ from, to }) => `${from}\n${to}`).sort(),
  ])
  const places = useMemo(() => layoutMap(map), [shape])
  const layout = useMemo(() => withFigures(places, map), [places, map])
  const near = useMemo(() => neighbours(map, chosen), [map, chosen])
  const pick = (id: string) => setChosen(id === chosen ? '' : id)
  return (
    <div class="map">
      <div class="map-canvas">
        <svg
          width={layout.width}
          height={layout.height}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          role="img"
          aria-label="Map of services"
        >
          <Arrowheads />
          {layout.edges.map((each) => (
            <MapEdgeLine key={edgeId(each.edge)} placed={each} isDim={!near(edgeId(each.edge))} />
          ))}
          {layout.nodes.map((each) => (
            <MapNodeBox
              key={each.node.id}
              placed={each}
              isChosen={each.node.id === chosen}
              isDim={!near(each.node.id)}
              onPick={pick}
            />
          ))}
          {layout.edges.map((each) => (
            <MapEdgeWords
              key={edgeId(each.edge)}
              placed={each}
              isChosen={edgeId(each.edge) === chosen}
              isDim={!near(edgeId(each.edge))}
              onPick={() => pick(edgeId(each.edge))}
            />
          ))}
        </svg>
      </div>
      <MapSide map={map} chosen={chosen} onPick={pick} isTrace={isTrace ?? false} />
    </div>
  )
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

/** Whether something touches what is chosen; everything does when nothing is. */
function neighbours(map: ServiceMap, chosen: string): (id: string) => boolean {
  if (chosen === '') return () => true
  const near = new Set([chosen])
  for (const edge of map.edges) {
    if (![edge.from, edge.to, edgeId(edge)].includes(chosen)) continue
    for (const id of [edge.from, edge.to, edgeId(edge)]) near.add(id)
  }
  return (id) => near.has(id)
}

function Arrowheads(): JSX.Element {
  return (
    <defs>
      {['arrow', 'arrow-bad'].map((id) => (
        <marker
          key={id}
          id={id}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0,0.5 7.5,4 0,7.5z" />
        </marker>
      ))}
    </defs>
  )
}
