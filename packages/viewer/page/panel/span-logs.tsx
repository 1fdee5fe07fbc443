import type { JSX } from 'preact'
import { useAnswer } from '../api/use-answer.ts'
import { bodyText } from '../format/body-text.ts'
import { duration } from '../format/duration.ts'

/** The log lines of one span. */
export function SpanLogs(props: {
  trace: string
  span: string
  start: number
}): JSX.Element | null {
  const { value } = useAnswer('logs', { trace: props.trace, span: props.span })
  if (!value || value.logs.length === 0) return null
  return (
    <section>
      <h3>Logs</h3>
      <ul class="plain log-lines">
        {[...value.logs].reverse().map((line) => (
          <li key={line.id}>
            <span class="quiet">+{duration(line.time - props.start)}</span>{' '}
            <span class={`level ${line.level ?? ''}`}>{line.level ?? 'log'}</span>{' '}
            {bodyText(line.body)}
          </li>
        ))}
      </ul>
    </section>
  )
}
