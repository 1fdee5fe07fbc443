import type { JSX } from 'preact'
import type { LogLine } from '../../src/contract/logs.ts'
import { WindowList } from '../lists/window-list.tsx'
import { LogDetail } from './log-detail.tsx'
import { LogRow } from './log-row.tsx'
import { useLineWalk } from './use-line-walk.ts'

interface LogTableProps {
  readonly logs: readonly LogLine[]
  /** Times are counted from here instead of shown as the time of day. */
  readonly since?: number
  readonly onScroll?: (top: number) => void
  readonly onEnd?: () => void
}

/** Log lines, one row each; a row opens its fields. */
export function LogTable({ logs, since, onScroll, onEnd }: LogTableProps): JSX.Element {
  const { active, index, isOpen, pick, focus, close } = useLineWalk(logs)
  return (
    <div class={`logs-with-detail ${isOpen ? 'with-panel' : ''}`}>
      <div class="table">
        <Head last={since === undefined ? 'Trace' : 'Span'} />
        <WindowList
          count={logs.length}
          rowHeight={32}
          label="Log lines"
          active={index}
          keyOf={(at) => logs[at]?.id ?? at}
          {...(onScroll ? { onScroll } : {})}
          {...(onEnd ? { onEnd } : {})}
          render={(at) => {
            const line = logs[at]
            return (
              line && (
                <LogRow
                  line={line}
                  since={since}
                  isActive={at === index}
                  isOpen={isOpen && at === index}
                  isStop={at === Math.max(0, index)}
                  onPick={pick}
                  onFocus={focus}
                />
              )
            )
          }}
        />
      </div>
      {active && isOpen && <LogDetail line={active} onClose={close} />}
    </div>
  )
}

function Head({ last }: { last: string }): JSX.Element {
  return (
    <div class="table-head log-columns">
      <span>Time</span>
      <span>Level</span>
      <span>Service</span>
      <span>Message</span>
      <span>{last}</span>
    </div>
  )
}
