import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Operation } from '../../src/contract/figures.ts'
import { isPaused } from '../api/live.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useStream } from '../api/use-stream.ts'
import { useThrottled } from '../api/use-throttled.ts'
import { change, parameter } from '../navigation/route.ts'
import { LiveButton } from '../query/live-button.tsx'
import { QueryBox } from '../query/query-box.tsx'
import { RangeSelect } from '../query/range-select.tsx'
import { Empty } from '../ui/empty.tsx'
import { NoMatch } from '../ui/no-match.tsx'
import { OperationTable } from './operation-table.tsx'

/** Every operation with its figures: the way to the slow one. */
export function OperationsScreen(): JSX.Element {
  const range = { q: parameter('q'), from: parameter('from'), to: parameter('to') }
  const answer = useAnswer('operations', range)
  const refresh = useThrottled(answer.reload, 2000)
  const listener = () => {
    if (!isPaused.value) refresh()
  }
  useStream(
    { topics: 'traces,stats' },
    { traces: listener, cleared: refresh, opened: refresh, reconnected: refresh },
  )
  const sort = (parameter('sort') || 'total') as keyof Operation
  const isUp = parameter('order') === 'asc'
  const operations = useMemo(
    () => sorted(answer.value?.operations ?? [], sort, isUp),
    [answer.value, sort, isUp],
  )
  return (
    <main class="screen">
      <h1 class="unseen">Operations</h1>
      <div class="toolbar">
        <QueryBox
          query={range.q}
          onChange={(q) => change({ q }, 'push')}
          placeholder="kind:server service:orders"
          refusal={answer.refusal}
        />
        <RangeSelect />
        <LiveButton onResume={refresh} />
      </div>
      {answer.value && operations.length === 0 ? (
        <OperationsEmpty isAsked={range.q !== '' || range.from !== ''} />
      ) : (
        <OperationTable operations={operations} sort={sort} isUp={isUp} />
      )}
    </main>
  )
}

function OperationsEmpty({ isAsked }: { isAsked: boolean }): JSX.Element {
  if (isAsked) return <NoMatch title="No operations match" words="Show all operations" />
  return (
    <Empty title="No operations yet">
      <p>When spans arrive, each operation appears here with its rate, errors and durations.</p>
      <a class="button" href="/receiver">
        How to send traces
      </a>
    </Empty>
  )
}

function sorted(operations: readonly Operation[], by: keyof Operation, isUp: boolean): Operation[] {
  const sign = isUp ? 1 : -1
  return [...operations].sort((a, b) => {
    const [left, right] = [a[by], b[by]]
    if (typeof left === 'string' && typeof right === 'string')
      return -sign * left.localeCompare(right)
    return sign * (Number(left) - Number(right))
  })
}
