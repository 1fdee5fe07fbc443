import type { JSX } from 'preact'
import type { ApartAnswer, TracesAnswer } from '../../src/contract/trace-list.ts'
import { count } from '../format/number.ts'
import { change, parameter } from '../navigation/route.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Empty } from '../ui/empty.tsx'

/** That the terms are met by different spans of a trace, and the query that asks for it. */
function Apart({ q, matched }: ApartAnswer): JSX.Element {
  return (
    <>
      <p>
        {matched === 1 ? 'One trace fits' : `${count(matched)} traces fit`} if different spans may
        match the terms:
      </p>
      <button type="button" class="button" onClick={() => change({ q }, 'push')}>
        Search for {q}
      </button>
    </>
  )
}

/** Why the list is empty, and what to do. */
export function TracesEmpty(props: { answer: TracesAnswer; query: string }): JSX.Element {
  if (props.answer.total > 0)
    return (
      <Empty title="No traces match">
        <p>
          {props.answer.total === 1
            ? 'One trace is here, but it does not fit the query'
            : `${count(props.answer.total)} traces are here, but none fits the query`}
          {parameter('from') === '' ? '' : ' in this time range'}.
        </p>
        {props.answer.apart && <Apart {...props.answer.apart} />}
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
