import type { JSX } from 'preact'
import { useCallback, useMemo, useRef } from 'preact/hooks'
import { Empty } from '../app/empty.tsx'
import { useKeys } from '../app/keys.ts'
import { parameter } from '../app/route.ts'
import { WindowList } from '../lists/window-list.tsx'
import { SpanPanel } from '../panel/span-panel.tsx'
import { chooseSpan, focusOn, fold } from './choose.ts'
import { FocusNote } from './focus-note.tsx'
import { Minimap } from './minimap.tsx'
import { Ruler } from './ruler.tsx'
import { SpanRow } from './span-row.tsx'
import { timelineKeys } from './timeline-keys.ts'
import { TimelineTools } from './timeline-tools.tsx'
import { useSearch } from './use-search.ts'
import { spanOf, type TraceView } from './view.ts'

const ROW = 28

/** The waterfall, with the minimap above and the chosen span beside it. */
export function Timeline({ view }: { view: TraceView }): JSX.Element {
  const span = spanOf(view, parameter('span'))
  const search = useRef<HTMLInputElement>(null)
  useKeys(useMemo(() => timelineKeys(view, search), [view]))
  useSearch(view)
  return (
    <div class={`timeline ${span ? 'with-panel' : ''}`}>
      <div class="waterfall">
        <Minimap view={view} />
        <TimelineTools view={view} search={search} />
        <FocusNote view={view} />
        <Ruler view={view} />
        <Rows view={view} chosen={span?.id ?? ''} />
      </div>
      {span && (
        <SpanPanel
          key={span.id}
          span={span}
          parent={spanOf(view, span.parent)}
          trace={view.trace.value}
          isFocused={span.id === view.focused.value?.id}
          onFocus={(isOn) => focusOn(view, isOn ? span.id : undefined)}
          onClose={() => chooseSpan(view, undefined)}
        />
      )}
    </div>
  )
}

function Rows({ view, chosen }: { view: TraceView; chosen: string }): JSX.Element {
  const rows = view.rows.value
  const isCollapsed = view.collapsed.value
  const critical = useMemo(() => segmentsBySpan(view), [view.trace.value])
  const repeated = useMemo(() => repeatedByParent(view), [view.trace.value])
  const active = useMemo(() => rows.findIndex(({ id }) => id === chosen), [rows, chosen])
  const row = useCallback(
    (at: number) => {
      const span = rows[at]
      return (
        span && (
          <SpanRow
            span={span}
            view={view}
            isChosen={span.id === chosen}
            isFolded={isCollapsed.has(span.id)}
            critical={critical.get(span.id)}
            repeated={repeated.get(span.id) ?? 0}
            isFirst={at === 0}
          />
        )
      )
    },
    [view, rows, chosen, isCollapsed, critical, repeated],
  )
  if (rows.length === 0) return <NoRows />
  return (
    <WindowList
      isTree
      count={rows.length}
      rowHeight={ROW}
      label="Spans"
      active={active}
      keyOf={(at) => rows[at]?.id ?? at}
      onPick={(key, isTwisty) =>
        isTwisty ? fold(view, key, !isCollapsed.has(key)) : chooseSpan(view, key)
      }
      render={row}
    />
  )
}

function NoRows(): JSX.Element {
  return (
    <Empty title="No span to show">
      <p>The search, or the services that are hidden, leave none over.</p>
    </Empty>
  )
}

function segmentsBySpan(view: TraceView): Map<string, { from: number; to: number }[]> {
  const map = new Map<string, { from: number; to: number }[]>()
  for (const { span, from, to } of view.trace.value.criticalPath) {
    const parts = map.get(span)
    if (parts) parts.push({ from, to })
    else map.set(span, [{ from, to }])
  }
  return map
}

function repeatedByParent(view: TraceView): Map<string, number> {
  const map = new Map<string, number>()
  for (const { repeated } of view.trace.value.statements)
    for (const { parent, count } of repeated) map.set(parent, Math.max(count, map.get(parent) ?? 0))
  return map
}
