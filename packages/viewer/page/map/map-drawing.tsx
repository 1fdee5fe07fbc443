import type { JSX } from 'preact'
import type { Layout } from './layout.ts'
import { MapEdgeLine, MapEdgeWords } from './map-edge.tsx'
import { MapNodeBox } from './map-node.tsx'
import type { SpotState } from './map-spot.tsx'
import { edgeId } from './words.ts'

interface MapDrawingProps {
  readonly layout: Layout
  readonly scale: number
  readonly chosen: string
  readonly isTrace: boolean
  /** Where Tab stops. */
  readonly stop: string
  readonly isNear: (id: string) => boolean
  readonly onFocus: (id: string) => void
  readonly onPick: (id: string) => void
}

/** Nodes, edges, and the figures on them. */
export function MapDrawing({ layout, scale, isNear, ...props }: MapDrawingProps): JSX.Element {
  const { isTrace } = props
  const stateOf = (id: string): SpotState => ({
    isChosen: id === props.chosen,
    isDim: !isNear(id),
    isStop: id === props.stop,
    onPick: props.onPick,
    onFocus: props.onFocus,
  })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is not a fieldset
    <svg
      width={layout.width * scale}
      height={layout.height * scale}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="group"
      aria-label="Map of services"
    >
      <Arrowheads />
      {layout.edges.map((each) => (
        <MapEdgeLine key={edgeId(each.edge)} placed={each} isDim={!isNear(edgeId(each.edge))} />
      ))}
      {layout.nodes.map((each) => (
        <MapNodeBox key={each.node.id} placed={each} isTrace={isTrace} {...stateOf(each.node.id)} />
      ))}
      {layout.edges.map((each) => (
        <MapEdgeWords
          key={edgeId(each.edge)}
          placed={each}
          isTrace={isTrace}
          {...stateOf(edgeId(each.edge))}
        />
      ))}
    </svg>
  )
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
