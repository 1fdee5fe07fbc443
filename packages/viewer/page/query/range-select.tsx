import type { JSX } from 'preact'
import { clockTime } from '../format/time.ts'
import { change, parameter } from '../navigation/route.ts'

const ranges: readonly (readonly [string, string])[] = [
  ['', 'All time'],
  ['-60000', 'Last minute'],
  ['-300000', 'Last 5 minutes'],
  ['-900000', 'Last 15 minutes'],
  ['-3600000', 'Last hour'],
]

/** The time range that the screen shows, kept in the address. */
export function RangeSelect(): JSX.Element {
  const from = parameter('from')
  const to = parameter('to')
  const isOwn = from !== '' && !ranges.some(([value]) => value === from)
  const onChange = (event: { currentTarget: HTMLSelectElement }) =>
    change({ from: event.currentTarget.value, to: undefined }, 'push')
  return (
    <select aria-label="Time range" value={from} onChange={onChange}>
      {isOwn && <option value={from}>{`${clock(from)} – ${to === '' ? 'now' : clock(to)}`}</option>}
      {ranges.map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  )
}

function clock(text: string): string {
  const time = Number(text)
  return Number.isFinite(time) ? clockTime(time) : text
}
