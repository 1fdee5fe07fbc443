import type { JSX } from 'preact'
import { change, parameter } from '../navigation/route.ts'
import { LiveButton } from '../query/live-button.tsx'
import { QueryBox } from '../query/query-box.tsx'
import { RangeSelect } from '../query/range-select.tsx'
import { MoreMenu } from './more-menu.tsx'
import { ScatterPlot } from './scatter-plot.tsx'
import { TraceChips } from './trace-chips.tsx'
import { TraceTable } from './trace-table.tsx'
import { TracesEmpty } from './traces-empty.tsx'
import { useLiveTraces } from './use-live-traces.ts'

/** The list of traces: live, found by a query, as a scatter of duration over time. */
export function TracesScreen(): JSX.Element {
  const range = { q: parameter('q'), from: parameter('from'), to: parameter('to') }
  const { traces, scatter, held, refresh, onScroll, onPointerMove } = useLiveTraces(range)
  return (
    <main class="screen traces">
      <h1 class="unseen">Traces</h1>
      <div class="toolbar">
        <QueryBox
          query={range.q}
          onChange={(q) => change({ q }, 'push')}
          placeholder="service:orders status:error dur>200ms tenant.id=acme"
          refusal={traces.refusal?.status === 400 ? traces.refusal : undefined}
        />
        <RangeSelect />
        <LiveButton onResume={refresh} />
        <MoreMenu onChange={refresh} range={range} />
      </div>
      <TraceChips query={range.q} answer={traces.value} held={held} onShow={refresh} />
      {traces.value?.traces.length === 0 ? (
        <TracesEmpty answer={traces.value} query={range.q} />
      ) : (
        <>
          <ScatterPlot data={scatter.value} range={range} />
          <TraceTable traces={traces} onScroll={onScroll} onPointerMove={onPointerMove} />
        </>
      )}
    </main>
  )
}
