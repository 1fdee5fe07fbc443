import type { JSX } from 'preact'
import type { MapEdge, MapNode, MapNumbers, QueueDelay } from '../../src/contract/figures.ts'
import { duration } from '../format/duration.ts'
import { count, percent, rate } from '../format/number.ts'
import { change, link, parameter } from '../navigation/route.ts'
import { ToggleButton } from '../ui/toggle-button.tsx'

type Numbers = MapNumbers & Partial<Pick<MapNode, 'queue' | 'origins'> & Pick<MapEdge, 'delay'>>

interface MapFiguresProps {
  readonly numbers: Numbers
  readonly isTrace: boolean
  readonly isFocused: boolean
}

/** The figures of a node or an edge, and where to go from there. */
export function MapFigures({ numbers, isTrace, isFocused }: MapFiguresProps): JSX.Element {
  const lines = linesOf(numbers, isTrace)
  const range = { from: parameter('from'), to: parameter('to') }
  return (
    <>
      <dl class="pairs">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="buttons">
        <ToggleButton
          isOn={isFocused}
          title="Show only this node and what it calls or is called by"
          onToggle={() => change({ near: isFocused ? undefined : '1' })}
        >
          Focus
        </ToggleButton>
        {!isTrace && (
          <>
            <a class="button small" href={link('/traces', { q: numbers.q, ...range })}>
              All traces
            </a>
            <a
              class="button small"
              href={link('/traces', { q: numbers.q, sort: 'duration', ...range })}
            >
              Slowest first
            </a>
          </>
        )}
      </p>
    </>
  )
}

type Line = readonly [string, string]

function linesOf(numbers: Numbers, isTrace: boolean): readonly Line[] {
  const rates: Line[] = isTrace ? [] : [['Rate', rate(numbers.rate)]]
  const { queue } = numbers
  if (queue)
    return [
      ['Sent', count(queue.sent)],
      ...rates,
      ['Handled', count(queue.processed)],
      ['Errors', `${count(numbers.errors)} (${percent(numbers.errorRate)})`],
      ['Failed to send', count(queue.sendErrors)],
      ['Failed to handle', count(queue.processErrors)],
      ...delayLines(queue.delay),
    ]
  return [
    ['Calls', count(numbers.calls)],
    ...rates,
    ['Errors', `${count(numbers.errors)} (${percent(numbers.errorRate)})`],
    ...(numbers.origins === undefined
      ? []
      : [['Errors that began here', count(numbers.origins)] as const]),
    ['p50', duration(numbers.p50)],
    ['p95', duration(numbers.p95)],
    ...(numbers.delay ? delayLines(numbers.delay) : []),
  ]
}

function delayLines(delay: QueueDelay | undefined): readonly Line[] {
  if (delay === undefined) return [['Waited', 'not known']]
  return [
    ['Waited p50', duration(delay.p50)],
    ['Waited p95', duration(delay.p95)],
    ['Waited at most', duration(delay.max)],
  ]
}
