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
    warning = 'The sender has no service.name: set OTEL_SERVICE_NAME.'
    log.addHint('unnamed-service', warning)
  }
  const soon = Date.now() * 1000 + MAX_AHEAD_MICROS
  if (decoded.spans.some(({ micros }) => micros > soon)) {
    warning = 'Spans begin after now: the clock of their sender is ahead.'
    log.addHint('future', warning)
  }
  if (store.counters.evictedTraces > 0)
    log.addHint('cap-reached', 'The store is full: the oldest traces make room for new ones.')
  return warning
}
