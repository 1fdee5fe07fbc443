import type { JSX } from 'preact'
import { duration } from '../format/duration.ts'
import { percent } from '../format/number.ts'
import { type PlacedEdge, pathOf } from './layout.ts'
import { MapSpot, type SpotState } from './map-spot.tsx'
import { edgeId, howOften } from './words.ts'

/** The line of a call; the more calls, the stronger. */
export function MapEdgeLine(props: { placed: PlacedEdge; isDim: boolean }): JSX.Element {
  const { edge, points } = props.placed
  const isBad = edge.errors > 0
  return (
    <path
      class={`edge ${isBad ? 'bad-edge' : ''} ${edge.async ? 'async' : ''} ${props.isDim ? 'dim' : ''}`}
      d={pathOf(points)}
      stroke-width={1.25 + Math.min(2.5, Math.log10(1 + edge.calls) * 0.6)}
      marker-end={`url(#${isBad ? 'arrow-bad' : 'arrow'})`}
    />
  )
}

/** The figures on an edge; they choose it. */
export function MapEdgeWords({
  placed,
  isTrace,
  ...state
}: SpotState & { placed: PlacedEdge; isTrace: boolean }): JSX.Element {
  const { edge, x, y } = placed
  const errors = edge.errors > 0 ? ` · ${percent(edge.errorRate)}` : ''
  const often = howOften(edge, isTrace)
  const lines = [often + errors, `p95 ${duration(edge.p95)}`] as const
  const width = Math.min(92, 10 + 6.4 * Math.max(lines[0].length, lines[1].length))
  return (
    <MapSpot
      {...state}
      id={edgeId(edge)}
      class="edge-words"
      label={`${edge.from} calls ${edge.to}: ${edge.calls} calls, p95 ${duration(edge.p95)}`}
    >
      <rect x={x - width / 2} y={y - 17} width={width} height="34" rx="6" />
      <text x={x} y={y - 3}>
        {often}
        <tspan class="bad">{errors}</tspan>
      </text>
      <text class="quiet" x={x} y={y + 11}>
        {lines[1]}
      </text>
    </MapSpot>
  )
}
