import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { TraceSummary } from '../../src/contract/trace-list.ts'
import { SortHeader } from '../lists/sort-header.tsx'
import { WindowList } from '../lists/window-list.tsx'
import { type KeyMap, useKeys } from '../navigation/keys.ts'
import { change, go, parameter } from '../navigation/route.ts'
import { walkKeys } from '../navigation/walk-keys.ts'
import { toggleHidden } from './hidden-operations.ts'
import { TraceRow } from './trace-row.tsx'
import { TRACES_PLACE, useActiveRow } from './use-active-row.ts'
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
  const { list } = traces
  const { index, id: active, isPinned, walk, opened } = useActiveRow(list)
  const longest = Math.max(1, ...list.map(({ duration }) => duration))
  useKeys(useMemo(() => tableKeys(list, index, walk), [list, index]))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it notes which link was followed
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click
    <div
      class="table trace-table"
      onPointerMove={onPointerMove}
      onClick={(event) => {
        const row = event.target instanceof Element && event.target.closest<HTMLElement>('a.row')
        if (row && row.dataset.key !== undefined) opened(row.dataset.key)
      }}
    >
      <Head />
      <WindowList
        count={list.length}
        rowHeight={40}
        label="Traces"
        active={isPinned ? index : -1}
        place={TRACES_PLACE}
        keyOf={(at) => list[at]?.id ?? at}
        onScroll={onScroll}
        onEnd={traces.readMore}
        render={(at) => {
          const trace = list[at]
          return (
            trace && (
              <>
                <TraceRow trace={trace} longest={longest} isActive={trace.id === active} />
                <HideButton name={trace.root.name} />
              </>
            )
          )
        }}
      />
    </div>
  )
}

function tableKeys(
  list: readonly TraceSummary[],
  index: number,
  walk: (row: TraceSummary) => void,
): KeyMap {
  const to = (next: number) => {
    const row = list[next]
    if (row) walk(row)
  }
  return {
    ...walkKeys(list.length, index, to),
    x: () => {
      const row = list[index]
      if (row) hide(row.root.name)
    },
    Enter: () => {
      const row = list[index]
      if (row) go(`/traces/${row.id}`)
    },
  }
}

function hide(name: string): void {
  change({ q: toggleHidden(parameter('q'), name) }, 'push')
}

/** Next to the row, since a link must not contain a button. */
function HideButton({ name }: { name: string }): JSX.Element {
  return (
    <button
      type="button"
      class="button small row-hide"
      title={`Hide ${name} from the list (x)`}
      aria-label={`Hide ${name}`}
      onClick={() => hide(name)}
    >
      Hide
    </button>
  )
}

function Head(): JSX.Element {
  const order = { sort: parameter('sort') || 'start', isUp: parameter('order') === 'asc' }
  return (
    <div class="table-head trace-columns">
      {columns.map(([words, name]) =>
        name === '' ? (
          <span key={words}>{words}</span>
        ) : (
          <SortHeader key={words} words={words} name={name} usual="start" {...order} />
        ),
      )}
    </div>
  )
}
