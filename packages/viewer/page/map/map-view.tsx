import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { ServiceMap } from '../api/figures.ts'
import { useKeys } from '../app/keys.ts'
import { change, parameter } from '../app/route.ts'
import { edgeId } from './edge-id.ts'
import { neighbours, partOf } from './focus-map.ts'
import { type Layout, layoutMap } from './layout.ts'
import { MapDrawing } from './map-drawing.tsx'
import { MapSide } from './map-side.tsx'
import { useFirstInSight } from './use-first-in-sight.ts'
import { useMapWalk } from './use-map-walk.ts'
import { focusSpot } from './walk-map.ts'

/** What the map shows. */
export interface MapViewProps {
  readonly map: ServiceMap
  readonly isTrace?: boolean
}

/** The map with the figures of what was chosen beside it; the address says what that is. */
export function MapView({ map: whole, isTrace = false }: MapViewProps): JSX.Element {
  const chosen = parameter('node')
  const isFocused = parameter('near') !== '' && chosen !== ''
  const map = useMemo(() => (isFocused ? partOf(whole, chosen) : whole), [whole, isFocused, chosen])
  const layout = useLayout(map)
  const near = useMemo(() => neighbours(map, chosen), [map, chosen])
  const { stop, setActive } = useMapWalk(layout, chosen)
  const canvas = useFirstInSight(layout)
  const pick = (id: string) => change({ node: id === chosen ? undefined : id, near: undefined })
  const pickInTable = (id: string) => {
    pick(id)
    focusSpot(id)
  }
  useKeys(useLeaving(chosen))
  return (
    <div class="map">
      <div class="map-canvas" ref={canvas}>
        <MapDrawing
          layout={layout}
          chosen={chosen}
          stop={stop}
          isNear={near}
          onFocus={setActive}
          onPick={pick}
        />
      </div>
      <MapSide
        map={map}
        chosen={chosen}
        isFocused={isFocused}
        onPick={pickInTable}
        isTrace={isTrace}
      />
    </div>
  )
}

/** Places that stay while the same services make the same calls, with the figures of now. */
function useLayout(map: ServiceMap): Layout {
  const shape = JSON.stringify([
    map.nodes.map(({ id }) => id).sort(),
    map.edges.map(({ from, to }) => `${from}\n${to}`).sort(),
  ])
  const places = useMemo(() => layoutMap(map), [shape])
  return useMemo(() => withFigures(places, map), [places, map])
}

/** Escape lets go of what is chosen; with nothing chosen it is left to the screen. */
function useLeaving(chosen: string): Record<string, () => void> {
  return useMemo(() => {
    if (chosen === '') return {} as Record<string, () => void>
    return { Escape: () => change({ node: undefined, near: undefined }) }
  }, [chosen])
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
