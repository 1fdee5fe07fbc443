import { useRef, useState } from 'preact/hooks'
import type { RangeParameters } from '../../src/contract/local-api.ts'
import type { StreamEvents } from '../../src/contract/stream.ts'
import type { Scatter } from '../../src/contract/trace-list.ts'
import { isPaused } from '../api/live.ts'
import { type Loaded, useAnswer } from '../api/use-answer.ts'
import { useStream } from '../api/use-stream.ts'
import { useThrottled } from '../api/use-throttled.ts'
import { entry } from '../navigation/entry.ts'
import { MAX_TOP_PIXELS, TRACES_PLACE } from './use-active-row.ts'
import { type Traces, useTraces } from './use-traces.ts'

/** How long a pointer must have been still, in milliseconds, until rows may move below it. */
const POINTER_REST_MILLIS = 1200

/** The list and the scatter, and what to tell them. */
export interface LiveTraces {
  readonly traces: Traces
  readonly scatter: Loaded<Scatter>
  /** How many changes wait, since the list stands still. */
  readonly held: number
  readonly refresh: () => void
  readonly onScroll: (top: number) => void
  readonly onPointerMove: () => void
}

/** Reads the list again when traces arrive; not while it is paused, scrolled, or about to be clicked. */
export function useLiveTraces(range: RangeParameters): LiveTraces {
  const traces = useTraces(range)
  const scatter = useAnswer('scatter', range)
  const [held, setHeld] = useState(0)
  const isAtTop = useRef((entry().places[TRACES_PLACE]?.top ?? 0) < MAX_TOP_PIXELS)
  const pointerMoved = useRef(0)
  const settle = useThrottled(() => {
    if (Date.now() - pointerMoved.current < POINTER_REST_MILLIS) settle()
    else if (isAtTop.current) follow()
  }, 300)
  const follow = useThrottled(() => {
    if (!isPaused.value) load(() => !isPaused.value)
  }, 500)
  const load = (isWanted?: () => boolean) => {
    setHeld(0)
    traces.reload(isWanted)
    scatter.reload(isWanted)
  }
  const refresh = useThrottled(load, 500)
  const onTraces = (data: StreamEvents['traces']) => {
    if (isPaused.value || !isAtTop.current) setHeld((before) => before + data.traces.length)
    else settle()
  }
  useStream(
    { q: traces.refusal?.status === 400 ? '' : range.q, topics: 'traces,stats' },
    { traces: onTraces, cleared: refresh, opened: settle, reconnected: refresh },
  )
  const onScroll = (top: number) => {
    const wasAtTop = isAtTop.current
    isAtTop.current = top < MAX_TOP_PIXELS
    if (isAtTop.current && !wasAtTop && held > 0) settle()
  }
  const onPointerMove = () => {
    pointerMoved.current = Date.now()
  }
  return { traces, scatter, held, refresh, onScroll, onPointerMove }
}
