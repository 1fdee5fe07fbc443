import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Operation, OperationsAnswer } from '../api/figures.ts'
import { Empty } from '../app/empty.tsx'
import { isPaused } from '../app/live.ts'
import { change, parameter } from '../app/route.ts'
import { useAnswer } from '../app/use-answer.ts'
import { useStream } from '../app/use-stream.ts'
import { useThrottled } from '../app/use-throttled.ts'
import { WindowList } from '../lists/window-list.tsx'
import { QueryBox } from '../query/query-box.tsx'
import { RangeSelect } from '../query/range-select.tsx'
import { OperationRow } from './operation-row.tsx'

const columns: readonly (readonly [words: string, sort: keyof Operation])[] = [
  ['Service', 'service'],
  ['Operation', 'name'],
  ['Calls', 'count'],
  ['Rate', 'rate'],
  ['Errors', 'errorRate'],
  ['p50', 'p50'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['Max', 'max'],
  ['Total', 'total'],
]

/** Every operation with its figures: the way to the slow one. */
export function OperationsScreen(): JSX.Element {
  const range = { q: parameter('q'), from: parameter('from'), to: parameter('to') }
  const answer = useAnswer<OperationsAnswer>('operations', range)
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
  const slowest = Math.max(0.001, ...operations.map(({ p95 }) => p95))
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
      </div>
      {answer.value && operations.length === 0 ? (
        <Empty title="No operations yet">
          <p>
            As soon as spans arrive, each kind of them shows here with its rate, errors and times.
          </p>
        </Empty>
      ) : (
        <div class="table operations">
          <Head sort={sort} isUp={isUp} />
          <WindowList
            count={operations.length}
            rowHeight={40}
            label="Operations"
            keyOf={(at) => keyOf(operations[at])}
            render={(at) => {
              const operation = operations[at]
              return operation && <OperationRow operation={operation} slowest={slowest} />
            }}
          />
        </div>
      )}
    </main>
  )
}

function Head({ sort, isUp }: { sort: keyof Operation; isUp: boolean }): JSX.Element {
  const by = (name: keyof Operation) =>
    change({
      sort: name === 'total' ? undefined : name,
      order: name === sort && !isUp ? 'asc' : undefined,
    })
  return (
    <div class="table-head operation-columns">
      {columns.map(([words, name]) => (
        <button
          key={name}
          type="button"
          class={name === sort ? 'sorted' : ''}
          aria-label={`Sort by ${words}`}
          onClick={() => by(name)}
        >
          {words}
          {name === sort && <i aria-hidden="true">{isUp ? ' ↑' : ' ↓'}</i>}
        </button>
      ))}
      <span>Over time</span>
    </div>
  )
}

function keyOf(operation: Operation | undefined): string {
  return operation ? `${operation.service}\n${operation.name}\n${operation.kind}` : ''
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
