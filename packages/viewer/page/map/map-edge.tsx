import type { JSX } from 'preact'
import { duration } from '../format/duration.ts'
import { percent, rate } from '../format/number.ts'
import { type PlacedEdge, pathOf } from './layout.ts'

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

interface EdgeWordsProps {
  readonly placed: PlacedEdge
  readonly isChosen: boolean
  readonly isDim: boolean
  readonly onPick: () => void
}

/** The figures on an edge; they choose it. */
export function MapEdgeWords({ placed, isChosen, isDim, onPick }: EdgeWordsProps): JSX.Element {
  const { edge, x, y } = placed
  const errors = edge.errors > 0 ? ` · ${percent(edge.errorRate)}` : ''
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML has no button for inside a drawing
    <g
      class={`edge-words ${isChosen ? 'chosen' : ''} ${isDim ? 'dim' : ''}`}
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      aria-label={`${edge.from} calls ${edge.to}: ${edge.calls} calls, p95 ${duration(edge.p95)}`}
      onClick={onPick}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') onPick()
      }}
    >
      <rect x={x - 46} y={y - 17} width="92" height="34" rx="6" />
      <text x={x} y={y - 3}>
        {rate(edge.rate)}
        <tspan class="bad">{errors}</tspan>
      </text>
      <text class="quiet" x={x} y={y + 11}>
        p95 {duration(edge.p95)}
      </text>
    </g>
  )
}
