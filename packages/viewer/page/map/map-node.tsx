import type { JSX } from 'preact'
import { serviceColour } from '../api/service-colour.ts'
import { percent, plural } from '../format/number.ts'
import { fitWords } from './fit-words.ts'
import type { PlacedNode } from './layout.ts'
import { MapSpot, type SpotState } from './map-spot.tsx'
import { beganWords, howOften, nodeName, timeWords, wordOf } from './words.ts'

const shapes: Record<string, string> = {
  database:
    'M1 4c0-1.700 3.100-3 7-3s7 1.300 7 3-3.100 3-7 3-7-1.300-7-3zm0 0v8c0 1.700 3.100 3 7 3s7-1.300 7-3V4',
  messaging: 'M1 3h14v10H1zl7 6 7-6',
  external:
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM1 8h14M8 1c2.500 2 3.500 4.500 3.500 7S10.500 13 8 15c-2.500-2-3.500-4.500-3.500-7S5.500 3 8 1',
}

/** A service, a database, a broker or a host outside, with its figures. */
export function MapNodeBox({
  placed,
  isTrace,
  ...state
}: SpotState & { placed: PlacedNode; isTrace: boolean }): JSX.Element {
  const { node, x, y, width, height } = placed
  const left = x - width / 2
  const top = y - height / 2
  const room = width - 31 - 8
  const often = howOften(node, isTrace)
  const errors = (node.errors > 0 ? ` · ${percent(node.errorRate)} errors` : '') + beganWords(node)
  const isToBlame = node.origins !== 0
  return (
    <MapSpot
      {...state}
      id={node.id}
      class={`node ${node.type} ${(node.origins ?? 0) > 0 ? 'to-blame' : ''}`}
      label={`${wordOf(node)} ${node.name}: ${plural(node.calls, node.queue ? 'message' : 'call')}, ${timeWords(node)}${errors}`}
    >
      <rect x={left} y={top} width={width} height={height} rx="10" />
      {node.type === 'service' ? (
        <rect
          class="swatch"
          x={left + 12}
          y={top + 13}
          width="10"
          height="10"
          rx="3"
          style={{ fill: serviceColour(node.name) }}
        />
      ) : (
        <path
          class="shape"
          transform={`translate(${left + 11} ${top + 11}) scale(0.85)`}
          d={shapes[node.type] ?? shapes.external}
        />
      )}
      <text class="name" x={left + 31} y={top + 22}>
        {fitWords(nodeName(node), room, 600, 0.8125)}
      </text>
      <text class="quiet" x={left + 31} y={top + 39}>
        {node.type === 'service'
          ? often
          : fitWords(node.system ?? node.type, room, 400, 0.6875, ` · ${often}`)}
      </text>
      <text class="quiet" x={left + 31} y={top + 55}>
        {timeWords(node)}
        <tspan class={isToBlame ? 'bad' : ''}>
          {node.errors > 0 && ` · ${percent(node.errorRate)}`}
        </tspan>
      </text>
      <title>{`${nodeName(node)}${errors}`}</title>
    </MapSpot>
  )
}
