import { diag } from '@opentelemetry/api'

const EDGE_SAMPLER = Symbol.for('callchain.edgeSampler')

let warned = false

/** Says that a sampler which decides anew under `edge: 'join'` is in use; the SDK package calls it. */
export function announceEdgeSampler(): void {
  Object.defineProperty(globalThis, EDGE_SAMPLER, { value: true, configurable: true })
}

/**
 * Whether `edge: 'join'` can be kept. A stock parent-based sampler would obey the untrusted caller's
 * sampled flag; without ours, the trace is linked instead.
 */
export function edgeSamplerIsThere(): boolean {
  const there = (globalThis as { [EDGE_SAMPLER]?: boolean })[EDGE_SAMPLER] === true
  if (!there && !warned) {
    warned = true
    diag.warn(
      "callchain: edge: 'join' needs startTracing() or edgeSampler() of @callchain/sdk; until then callers on the edge are linked, not joined",
    )
  }
  return there
}
