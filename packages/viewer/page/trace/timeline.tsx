import type { JSX } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { Span } from '../api/types.ts'
import { useKeys } from '../app/keys.ts'
import { parameter } from '../app/route.ts'
import { WindowList } from '../lists/window-list.tsx'
import { SpanPanel } from '../panel/span-panel.tsx'
import { Minimap } from './minimap.tsx'
import { Ruler } from './ruler.tsx'
import { SpanRow } from './span-row.tsx'
import { timelineKeys } from './timeline-keys.ts'
import { TimelineTools } from './timeline-tools.tsx'
import { chooseSpan, fold, type TraceView } from './view.ts'

const ROW = 28

/** The waterfall, with the minimap above and the chosen span beside it. */
export function Timeline({ view }: { view: TraceView }): JSX.Element {
  const chosen = parameter('span')
  const rows = view.rows.value
  const span = view.trace.value.spans.find(({ id }) => id === chosen)
  const isCollapsed = view.collapsed.value
  const search = useRef<HTMLInputElement>(null)
  useKeys(useMemo(() => timelineKeys(view, search), [view]))
  const critical = useMemo(() => segmentsBySpan(view), [view.trace.value])
  const repeated = useMemo(() => repeatedByParent(view), [view.trace.value])
  const row = (at: number, each: Span | undefined) =>
    each && (
      <SpanRow
        span={each}
        view={view}
        isChosen={each.id === chosen}
        isFolded={isCollapsed.has(each.id)}
        hasFailure={isCollapsed.has(each.id) && hidesError(view, each)}
        critical={critical.get(each.id)}
        repeated={repeated.get(each.id) ?? 0}
        isFirst={at === 0}
      />
    )
  return (
    <div class={`timeline ${span ? 'with-panel' : ''}`}>
      <div class="waterfall">
        <Minimap view={view} />
        <TimelineTools view={view} search={search} />
        <Ruler view={view} />
        <WindowList
          isTree
          count={rows.length}
          rowHeight={ROW}
          label="Spans"
          active={rows.findIndex(({ id }) => id === chosen)}
          keyOf={(at) => rows[at]?.id ?? at}
          onPick={(key, isTwisty) =>
            isTwisty ? fold(view, key, !isCollapsed.has(key)) : chooseSpan(view, key)
          }
          render={(at) => row(at, rows[at])}
        />
      </div>
      {span && (
        <SpanPanel
          span={span}
          trace={view.trace.value}
          onClose={() => chooseSpan(view, undefined)}
        />
      )}
    </div>
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

function hidesError(view: TraceView, span: Span): boolean {
  const { spans } = view.trace.value
  const at = spans.indexOf(span)
  return spans.slice(at + 1, at + 1 + span.descendants).some(({ status }) => status === 'error')
}
