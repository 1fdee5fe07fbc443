import type { JSX } from 'preact'
import type { Stats } from '../../src/contract/receiver.ts'
import { bytes, count } from '../format/number.ts'

const lost: Record<string, string> = {
  duplicates: 'spans received twice',
  evictedTraces: 'traces evicted to make room',
  evictedSpans: 'spans evicted with them',
  evictedLogs: 'log lines evicted',
  beyondTraceCap: 'spans over the limit per trace',
  clippedSpans: 'spans with a truncated value',
  invalidSpans: 'spans that could not be read',
}

/** How full the memory is, and what was let go. */
export function Kept({ stats }: { stats: Stats }): JSX.Element {
  const gone = Object.entries(stats.lost).filter(([, value]) => value > 0)
  return (
    <section>
      <h2>Kept in memory</h2>
      <dl class="meters">
        <Meter title="Spans" value={stats.spans} most={stats.maxSpans} words={count} />
        <Meter title="Memory" value={stats.bytes} most={stats.maxBytes} words={bytes} />
        <Meter title="Log lines" value={stats.logs} most={stats.maxLogs} words={count} />
      </dl>
      <p class="quiet">
        {gone.length === 0
          ? 'Nothing was lost. When memory is full, the traces that have been quiet longest are evicted first.'
          : gone.map(([key, value]) => `${count(value)} ${lost[key] ?? key}`).join(', ')}
      </p>
    </section>
  )
}

interface MeterProps {
  readonly title: string
  readonly value: number
  readonly most: number
  readonly words: (value: number) => string
}

function Meter({ title, value, most, words }: MeterProps): JSX.Element {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <meter min={0} max={most} value={value}>
          {words(value)}
        </meter>
        {words(value)} of {words(most)}
      </dd>
    </div>
  )
}
