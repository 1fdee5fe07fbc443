import type { JSX } from 'preact'
import { useAnswer } from '../api/use-answer.ts'
import { duration } from '../format/duration.ts'
import { parameter } from '../navigation/route.ts'

/** The slowest traces that go through what is chosen. */
export function MapTraces({ q }: { q: string }): JSX.Element | null {
  const range = { from: parameter('from'), to: parameter('to') }
  const { value } = useAnswer('traces', { q, ...range, sort: 'duration', limit: 8 })
  if (!value || value.traces.length === 0) return null
  return (
    <section>
      <h3>Slowest traces</h3>
      <ul class="plain map-traces">
        {value.traces.map(({ id, root, duration: took, errors }) => (
          <li key={id}>
            <a href={`/traces/${id}`}>
              <span>
                {root.service} {root.name}
              </span>
              <b class={errors > 0 ? 'bad' : ''}>{duration(took)}</b>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
