import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { LogLine, LogsAnswer } from '../../src/contract/logs.ts'
import { read } from '../api/client.ts'
import { isPaused } from '../api/live.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useStream } from '../api/use-stream.ts'
import { useThrottled } from '../api/use-throttled.ts'
import { count } from '../format/number.ts'
import { change, parameter } from '../navigation/route.ts'
import { LiveButton } from '../query/live-button.tsx'
import { QueryBox } from '../query/query-box.tsx'
import { RangeSelect } from '../query/range-select.tsx'
import { hasTerm, toggleTerm } from '../query/terms.ts'
import { Empty } from '../ui/empty.tsx'
import { NoMatch } from '../ui/no-match.tsx'
import { LogTable } from './log-table.tsx'

const levels: readonly (readonly [string, string])[] = [
  ['level>=warn', 'Warnings and errors'],
  ['level>=error', 'Errors'],
]

/** All log lines, newest first and live; each leads to its span. */
export function LogsScreen(): JSX.Element {
  const range = { q: parameter('q'), from: parameter('from'), to: parameter('to') }
  const { value, refusal, reload } = useAnswer('logs', { ...range, limit: 500 })
  const [further, setFurther] = useState<{ of: LogsAnswer; logs: LogLine[]; next: string | null }>()
  const isAtTop = useRef(true)
  const refresh = useThrottled(reload, 500)
  const listener = () => {
    if (!isPaused.value && isAtTop.current) refresh()
  }
  useStream(
    { q: refusal ? '' : range.q, topics: 'logs,stats' },
    { logs: listener, cleared: refresh, opened: refresh, reconnected: refresh },
  )
  const more = further?.of === value ? further : undefined
  const readMore = () => {
    const cursor = more ? more.next : value?.next
    if (!value || cursor === null || cursor === undefined) return
    void read('logs', { ...range, limit: 500, cursor }).then((answer) => {
      if (answer.value)
        setFurther({
          of: value,
          logs: [...(more?.logs ?? []), ...answer.value.logs],
          next: answer.value.next,
        })
    })
  }
  return (
    <main class="screen">
      <h1 class="unseen">Logs</h1>
      <div class="toolbar">
        <QueryBox
          query={range.q}
          onChange={(q) => change({ q }, 'push')}
          placeholder='level>=warn service:orders "refused"'
          refusal={refusal}
        />
        <RangeSelect />
        <LiveButton onResume={refresh} />
      </div>
      <LevelChips query={range.q} answer={value} />
      {value?.logs.length === 0 ? (
        <LogsEmpty total={value.total} />
      ) : (
        <LogTable
          logs={[...(value?.logs ?? []), ...(more?.logs ?? [])]}
          onEnd={readMore}
          onScroll={(top) => {
            isAtTop.current = top < 8
          }}
        />
      )}
    </main>
  )
}

function LevelChips({
  query,
  answer,
}: {
  query: string
  answer: LogsAnswer | undefined
}): JSX.Element {
  return (
    <div class="chips">
      {levels.map(([term, words]) => (
        <button
          key={term}
          type="button"
          class="chip"
          aria-pressed={hasTerm(query, term)}
          onClick={() => change({ q: toggleTerm(query, term) }, 'push')}
        >
          {words}
        </button>
      ))}
      <span class="grow" />
      <span class="matched" role="status">
        {answer && `${count(answer.matched)} of ${count(answer.total)} lines`}
      </span>
    </div>
  )
}

function LogsEmpty({ total }: { total: number }): JSX.Element {
  if (total > 0) return <NoMatch title="No log lines match" words="Show all lines" />
  return (
    <Empty title="No log lines yet">
      <p>
        Send logs by OTLP to this address, or start your service with{' '}
        <code>npx callchain run -- node app.js</code>: its JSON log lines appear here, next to their
        spans.
      </p>
    </Empty>
  )
}
