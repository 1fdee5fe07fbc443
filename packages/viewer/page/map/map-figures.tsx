import type { JSX } from 'preact'
import type { MapNumbers } from '../../src/contract/figures.ts'
import { duration } from '../format/duration.ts'
import { count, percent, rate } from '../format/number.ts'
import { change, link, parameter } from '../navigation/route.ts'
import { ToggleButton } from '../ui/toggle-button.tsx'

interface MapFiguresProps {
  readonly numbers: MapNumbers
  readonly isTrace: boolean
  readonly isFocused: boolean
}

/** The figures of a node or an edge, and where to go from there. */
export function MapFigures({ numbers, isTrace, isFocused }: MapFiguresProps): JSX.Element {
  const lines: readonly (readonly [string, string])[] = [
    ['Calls', count(numbers.calls)],
    ...(isTrace ? [] : [['Rate', rate(numbers.rate)] as const]),
    ['Errors', `${count(numbers.errors)} (${percent(numbers.errorRate)})`],
    ['p50', duration(numbers.p50)],
    ['p95', duration(numbers.p95)],
  ]
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
