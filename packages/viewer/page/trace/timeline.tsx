import type { JSX } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { Trace } from '../../src/contract/trace.ts'
import { serviceColours } from '../api/service-colour.ts'
import { PooledList } from '../lists/pooled-list.tsx'
import { useKeys } from '../navigation/keys.ts'
import { parameter } from '../navigation/route.ts'
import { SpanPanel } from '../panel/span-panel.tsx'
import { Empty } from '../ui/empty.tsx'
import { chooseSpan, focusOn, fold } from './choose.ts'
import { ClockNote } from './clock-note.tsx'
import { FocusNote } from './focus-note.tsx'
import { Minimap } from './minimap.tsx'
import { Ruler } from './ruler.tsx'
import { createSpanRow } from './span-row.ts'
import { timelineKeys } from './timeline-keys.ts'
import { TimelineTools } from './timeline-tools.tsx'
import { useSearch } from './use-search.ts'
import { spanOf, type TraceView } from './view.ts'
import type { Stretch, Waterfall } from './waterfall.ts'

const ROW_PIXELS = 28
const NOTHING: ReadonlyMap<string, readonly Stretch[]> = new Map()

/** The waterfall, with the minimap above and the chosen span next to it. */
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
        <ClockNote view={view} />
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
  const waterfall = useWaterfall(view, chosen)
  const { rows, collapsed } = waterfall
  const active = useMemo(() => rows.findIndex(({ id }) => id === chosen), [rows, chosen])
  if (rows.length === 0) return <NoRows />
  return (
    <PooledList
      count={rows.length}
      rowHeight={ROW_PIXELS}
      label="Spans"
      overlay={<Lines />}
      active={active}
      make={createSpanRow}
      fill={(row, at) => row.show(waterfall, at)}
      onPick={(key, isTwisty) =>
        isTwisty ? fold(view, key, !collapsed.has(key)) : chooseSpan(view, key)
      }
    />
  )
}

/** What the rows show; reading it here draws them again when it changes. */
function useWaterfall(view: TraceView, chosen: string): Waterfall {
  const trace = view.trace.value
  const critical = useMemo(() => segmentsBySpan(trace), [trace])
  const repeated = useMemo(() => repeatedByParent(trace), [trace])
  const skew = useMemo(() => new Map(trace.skew.map(({ span, by }) => [span, by])), [trace])
  void serviceColours.value
  return {
    rows: view.rows.value,
    spanOf: (id) => spanOf(view, id),
    part: view.part.value,
    moved: view.moved.value,
    names: view.names.value,
    above: view.focused.value?.depth ?? 0,
    chosen,
    collapsed: view.collapsed.value,
    found: view.find.value.ids,
    withErrorBelow: view.withErrorBelow.value,
    critical: view.showCritical.value ? critical : NOTHING,
    repeated,
    skew,
  }
}

/** Lines next to the names and at each quarter of the time axis, once for all rows: under the rows, each frame would blend them again. */
function Lines(): JSX.Element {
  return (
    <span class="lines" aria-hidden="true">
      <i />
      <i />
      <i />
      <i />
      <i />
    </span>
  )
}

function NoRows(): JSX.Element {
  return (
    <Empty title="No spans to show">
      <p>No spans match the search and the visible services.</p>
    </Empty>
  )
}

function segmentsBySpan(trace: Trace): Map<string, Stretch[]> {
  const map = new Map<string, Stretch[]>()
  for (const { span, from, to } of trace.criticalPath) {
    const parts = map.get(span)
    if (parts) parts.push({ from, to })
    else map.set(span, [{ from, to }])
  }
  return map
}

function repeatedByParent(trace: Trace): Map<string, number> {
  const map = new Map<string, number>()
  for (const { repeated } of trace.statements)
    for (const { parent, count } of repeated) map.set(parent, Math.max(count, map.get(parent) ?? 0))
  return map
}
