import type { Decoded } from '../model/rows.ts'
import type { ViewerState } from './viewer-state.ts'

const MAX_AHEAD_MICROS = 60e6

/** Notes what will make its sender wonder, though it was taken in. @returns a sentence for the list of exports, or '' */
export function addSenderHints(state: ViewerState, decoded: Decoded): string {
  const { log, store } = state
  let warning = ''
  const unnamed = decoded.spans.some(({ resource }) => resource.service === 'unknown_service')
  if (
    unnamed ||
    decoded.spans.some(({ resource }) => resource.service.startsWith('unknown_service:'))
  ) {
    warning = 'A sender has no service.name: set OTEL_SERVICE_NAME there.'
    log.addHint('unnamed-service', warning)
  }
  const soon = Date.now() * 1000 + MAX_AHEAD_MICROS
  if (decoded.spans.some(({ micros }) => micros > soon)) {
    warning = "Spans start in the future: the sender's clock is ahead."
    log.addHint('future', warning)
  }
  if (store.counters.evictedTraces > 0)
    log.addHint('cap-reached', 'The store is full: the oldest traces are evicted to make room.')
  return warning
}
