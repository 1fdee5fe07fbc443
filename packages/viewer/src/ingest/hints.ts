import type { Hint } from '../contract/receiver.ts'
import { factsOf } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import type { ViewerState } from './viewer-state.ts'

const MAX_CHECKED_TRACES = 200
/** Milliseconds without a new span after which a missing parent is considered lost. */
const SETTLED_AFTER_MILLIS = 5000

/** Why something may not show: what was noted, and what the store itself tells. */
export function hintsOf(state: ViewerState): Hint[] {
  const { log, store, url } = state
  const now = Date.now()
  const hints: Hint[] = [...log.hints]
  const add = (code: string, message: string): void => {
    hints.push({ code, message, time: now, from: undefined })
  }
  const newest = settled([...store.traces.values()], now).slice(-MAX_CHECKED_TRACES)
  const orphaned = newest.filter((record) => factsOf(record).orphans > 0).length
  if (orphaned > 0)
    add(
      'orphans',
      `In ${orphaned} of the last ${newest.length} traces, a span's parent was not received: a service in between does not send here, or a hop drops the traceparent header.`,
    )
  const forward = state.forward?.figures
  if (forward !== undefined && forward.failed + forward.dropped > 0)
    add(
      'forward',
      `${forward.failed} exports were not taken by the backend and ${forward.dropped} were dropped: ${forward.fault ?? forward.url}.`,
    )
  const { received } = store.counters
  if (received === 0 && log.metrics > 0)
    add('metrics-only', 'Only metrics were received; the viewer does not keep metrics.')
  else if (received === 0 && log.requests === 0)
    add('nothing-yet', `Nothing received yet: set OTEL_EXPORTER_OTLP_ENDPOINT=${url}`)
  return hints
}

/** Those that seem to be complete; all of them while none does. */
function settled(traces: readonly TraceRecord[], now: number): readonly TraceRecord[] {
  // They are in the order in which they were touched.
  const from = traces.findLastIndex(({ updated }) => updated < now - SETTLED_AFTER_MILLIS)
  return from < 0 ? traces : traces.slice(0, from + 1)
}
