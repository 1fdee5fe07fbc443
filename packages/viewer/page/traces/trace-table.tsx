import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { useKeys } from '../app/keys.ts'
import { change, go, parameter } from '../app/route.ts'
import { focusRow } from '../lists/focus-row.ts'
import { WindowList } from '../lists/window-list.tsx'
import { TraceRow } from './trace-row.tsx'
import type { Traces } from './use-traces.ts'

interface TraceTableProps {
  readonly traces: Traces
  readonly onScroll: (top: number) => void
  readonly onPointerMove: () => void
}

const columns: readonly (readonly [words: string, sort: string])[] = [
  ['Start', 'start'],
  ['Trace', ''],
  ['For', ''],
  ['Duration', 'duration'],
  ['Spans', 'spans'],
  ['Errors', 'errors'],
  ['SQL', ''],
  ['Services', ''],
]

/** The list, a row for each trace; j and k walk, Enter opens. */
export function TraceTable({ traces, onScroll, onPointerMove }: TraceTableProps): JSX.Element {
  const [active, setActive] = useState('')
  const { list } = traces
  const index = list.findIndex(({ id }) => id === active)
  const longest = Math.max(1, ...list.map(({ duration }) => duration))
  useKeys(
    useMemo(() => {
      const to = (next: number) => {
        const row = list[Math.min(list.length - 1, Math.max(0, next))]
        if (!row) return
        setActive(row.id)
        focusRow(row.id)
      }
      return {
        j: () => to(index + 1),
        k: () => to(index - 1),
        ArrowDown: () => to(index + 1),
        ArrowUp: () => to(index - 1),
        Home: () => to(0),
        End: () => to(list.length - 1),
        Enter: () => {
          if (active !== '') go(`/traces/${active}`)
        },
      }
    }, [list, index, active]),
  )
  return (
    <div class="table trace-table" onPointerMove={onPointerMove}>
      <Head />
      <WindowList
        count={list.length}
        rowHeight={40}
        label="Traces"
        active={index}
        keyOf={(at) => list[at]?.id ?? at}
        onScroll={onScroll}
        onEnd={traces.readMore}
        render={(at) => {
          const trace = list[at]
          return (
            trace && <TraceRow trace={trace} longest={longest} isActive={trace.id === active} />
          )
        }}
      />
    </div>
  )
}

function Head(): JSX.Element {
  const sort = parameter('sort') || 'start'
  const order = parameter('order') || 'desc'
  const by = (name: string) =>
    change({
      sort: name === 'start' ? undefined : name,
      order: name === sort && order === 'desc' ? 'asc' : undefined,
    })
  return (
    <div class="table-head trace-columns">
      {columns.map(([words, name]) =>
        name === '' ? (
          <span key={words}>{words}</span>
        ) : (
          <button
            key={words}
            type="button"
            class={name === sort ? 'sorted' : ''}
            aria-label={`Sort by ${words}`}
            onClick={() => by(name)}
          >
            {words}
            {name === sort && <i aria-hidden="true">{order === 'desc' ? ' ↓' : ' ↑'}</i>}
          </button>
        ),
      )}
    </div>
  )
}
