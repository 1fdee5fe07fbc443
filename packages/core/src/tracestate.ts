import type { TraceState } from '@opentelemetry/api'

export function parseTracestate(_header: string): TraceState | undefined {
  return undefined
}

export function createTracestate(): TraceState {
  const state: TraceState = {
    get: () => undefined,
    set: () => state,
    unset: () => state,
    serialize: () => '',
  }
  return state
}

export function formatTracestate(state: TraceState): string | undefined {
  return state.serialize() || undefined
}
