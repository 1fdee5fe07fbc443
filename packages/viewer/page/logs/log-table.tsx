import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { LogLine } from '../api/received.ts'
import { link } from '../app/route.ts'
import { ServiceTag } from '../app/service-tag.tsx'
import { duration } from '../format/duration.ts'
import { timeOfDay } from '../format/time.ts'
import { WindowList } from '../lists/window-list.tsx'
import { bodyText } from './body-text.ts'
import { LogDetail } from './log-detail.tsx'

interface LogTableProps {
  readonly logs: readonly LogLine[]
  /** Times are counted from here instead of shown as the time of day. */
  readonly since?: number
  readonly onScroll?: (top: number) => void
  readonly onEnd?: () => void
}

/** Log lines, one row each; a row opens its fields. */
export function LogTable({ logs, since, onScroll, onEnd }: LogTableProps): JSX.Element {
  const [chosen, setChosen] = useState(-1)
  const line = logs.find(({ id }) => id === chosen)
  return (
    <div class={`logs-with-detail ${line ? 'with-panel' : ''}`}>
      <div class="table">
        <div class="table-head log-columns">
          <span>Time</span>
          <span>Level</span>
          <span>Service</span>
          <span>Message</span>
          <span>Trace</span>
        </div>
        <WindowList
          count={logs.length}
          rowHeight={32}
          label="Log lines"
          keyOf={(at) => logs[at]?.id ?? at}
          {...(onScroll ? { onScroll } : {})}
          {...(onEnd ? { onEnd } : {})}
          render={(at) => {
            const each = logs[at]
            return (
              each && (
                <Row line={each} since={since} isChosen={each.id === chosen} onPick={setChosen} />
              )
            )
          }}
        />
      </div>
      {line && <LogDetail line={line} onClose={() => setChosen(-1)} />}
    </div>
  )
}

interface RowProps {
  readonly line: LogLine
  readonly since: number | undefined
  readonly isChosen: boolean
  readonly onPick: (id: number) => void
}

function Row({ line, since, isChosen, onPick }: RowProps): JSX.Element {
  return (
    <div class={`row log-columns ${isChosen ? 'active' : ''}`}>
      <span class="quiet">
        {since === undefined ? timeOfDay(line.time) : `+${duration(line.time - since)}`}
      </span>
      <span class={`level ${line.level ?? ''}`}>{line.level ?? ''}</span>
      <ServiceTag name={line.service} />
      <button
        type="button"
        class="log-body"
        onClick={() => onPick(isChosen ? -1 : line.id)}
        aria-expanded={isChosen}
      >
        {bodyText(line.body)}
      </button>
      {line.trace === undefined ? (
        <span />
      ) : (
        <a href={link(`/traces/${line.trace}`, { span: line.span })}>{line.trace.slice(0, 8)}</a>
      )}
    </div>
  )
}
