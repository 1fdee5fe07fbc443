import type { JSX } from 'preact'
import type { TracesAnswer } from '../../src/contract/trace-list.ts'
import { count } from '../format/number.ts'
import { change, parameter } from '../navigation/route.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Empty } from '../ui/empty.tsx'

/** Why the list is empty, and what to do. */
export function TracesEmpty(props: { answer: TracesAnswer; query: string }): JSX.Element {
  if (props.answer.total > 0)
    return (
      <Empty title="No traces match">
        <p>
          {count(props.answer.total)} traces are here, but none fits the query
          {parameter('from') === '' ? '' : ' in this time range'}.
        </p>
        <button
          type="button"
          class="button"
          onClick={() => change({ q: '', from: '', to: '' }, 'push')}
        >
          Show all traces
        </button>
      </Empty>
    )
  const command = `OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin} node app.js`
  return (
    <Empty title="Waiting for the first trace">
      <p>
        Start your service with tracing on and send it a request. Its trace appears here at once.
      </p>
      <p class="command">
        <code>{command}</code>
        <CopyButton text={command} label="Copy the command" />
      </p>
      <p>
        Nothing appears? <a href="/receiver">The receiver</a> shows every request that arrived and
        what was wrong with it.
      </p>
    </Empty>
  )
}
