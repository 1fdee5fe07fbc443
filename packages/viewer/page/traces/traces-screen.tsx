import type { JSX } from 'preact'
import { useCallback, useRef, useState } from 'preact/hooks'
import type { Scatter } from '../api/types.ts'
import { isPaused } from '../app/live.ts'
import { change, parameter } from '../app/route.ts'
import { useAnswer } from '../app/use-answer.ts'
import { useStream } from '../app/use-stream.ts'
import { useThrottled } from '../app/use-throttled.ts'
import { QueryBox } from '../query/query-box.tsx'
import { RangeSelect } from '../query/range-select.tsx'
import { LiveButton } from './live-button.tsx'
import { MoreMenu } from './more-menu.tsx'
import { ScatterPlot } from './scatter-plot.tsx'
import { TraceChips } from './trace-chips.tsx'
import { TraceTable } from './trace-table.tsx'
import { TracesEmpty } from './traces-empty.tsx'
import { useTraces } from './use-traces.ts'

/** The list of traces: live, found by a query, as a scatter of duration over time. */
export function TracesScreen(): JSX.Element {
  const range = { q: parameter('q'), from: parameter('from'), to: parameter('to') }
  const traces = useTraces(range)
  const scatter = useAnswer<Scatter>('scatter', range)
  const [held, setHeld] = useState(0)
  const isAtTop = useRef(true)
  const refresh = useThrottled(() => {
    setHeld(0)
    traces.reload()
    scatter.reload()
  }, 500)
  const onTraces = (data: unknown) => {
    if (isPaused.value || !isAtTop.current)
      setHeld((before) => before + (data as { traces: unknown[] }).traces.length)
    else refresh()
  }
  useStream(
    { q: traces.refusal?.status === 400 ? '' : range.q, topics: 'traces,stats' },
    { traces: onTraces, cleared: refresh, reconnected: refresh },
  )
  const onScroll = useCallback((top: number) => {
    isAtTop.current = top < 8
  }, [])
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
      <ScatterPlot data={scatter.value} range={range} />
      {traces.value?.traces.length === 0 ? (
        <TracesEmpty answer={traces.value} query={range.q} />
      ) : (
        <TraceTable traces={traces} onScroll={onScroll} />
      )}
    </main>
  )
}
