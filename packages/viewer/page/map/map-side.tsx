import type { JSX } from 'preact'
import type { MapEdge, MapNode, ServiceMap } from '../../src/contract/figures.ts'
import { plural } from '../format/number.ts'
import { CallTable } from './call-table.tsx'
import { MapFigures } from './map-figures.tsx'
import { MapTraces } from './map-traces.tsx'
import { edgeId, edgeWords, nameIn, nodeName, wordOf } from './words.ts'

interface MapSideProps {
  readonly map: ServiceMap
  readonly chosen: string
  readonly isTrace: boolean
  readonly isFocused: boolean
  readonly onPick: (id: string) => void
}

/** The figures of what is chosen and its traces, else the map as a table: the same for those who do not see it. */
export function MapSide(props: MapSideProps): JSX.Element {
  const { map, chosen } = props
  const node = map.nodes.find(({ id }) => id === chosen)
  const edge = map.edges.find((each) => edgeId(each) === chosen)
  if (node) return <NodeSide {...props} node={node} />
  if (edge) return <EdgeSide {...props} edge={edge} />
  return (
    <aside class="map-side" aria-label="Calls">
      <h2>Calls</h2>
      <p class="quiet">
        {plural(map.nodes.length, 'node')} of {plural(map.traces, 'trace')}
      </p>
      <CallTable map={map} edges={map.edges} onPick={props.onPick} />
    </aside>
  )
}

function NodeSide({ map, node, ...props }: MapSideProps & { node: MapNode }): JSX.Element {
  const words = node.type === 'service' ? 'Service' : `${node.system ?? ''} ${wordOf(node)}`.trim()
  const edges = map.edges.filter(({ from, to }) => from === node.id || to === node.id)
  return (
    <aside class="map-side" aria-label={nodeName(node)}>
      <h2>{nodeName(node)}</h2>
      <p class="quiet">{words}</p>
      <MapFigures numbers={node} isTrace={props.isTrace} isFocused={props.isFocused} />
      {edges.length > 0 && <CallTable map={map} edges={edges} onPick={props.onPick} />}
      {!props.isTrace && <MapTraces q={node.q} />}
    </aside>
  )
}

function EdgeSide({ map, edge, ...props }: MapSideProps & { edge: MapEdge }): JSX.Element {
  const from = nameIn(map.nodes, edge.from)
  const to = nameIn(map.nodes, edge.to)
  return (
    <aside class="map-side" aria-label={`${from} → ${to}`}>
      <h2>
        <bdi>{from}</bdi> → <bdi>{to}</bdi>
      </h2>
      <p class="quiet">{edgeWords(map, edge)}</p>
      <MapFigures numbers={edge} isTrace={props.isTrace} isFocused={props.isFocused} />
      {!props.isTrace && <MapTraces q={edge.q} />}
    </aside>
  )
}
