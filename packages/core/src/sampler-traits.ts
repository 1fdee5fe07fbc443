import { diag } from '@opentelemetry/api'

/** What core may rely on of the sampler of the global tracer provider. */
export interface SamplerTraits {
  /** Decides anew, from the trace id, under `edge: 'join'`. */
  readonly decidesAtEdge?: boolean
  /** Never samples what an unsampled parent is told of, whatever its name and attributes. */
  readonly followsParent?: boolean
}

const TRAITS = Symbol.for('callchain.samplerTraits')
const NONE: SamplerTraits = {}

let warned = false

/** Says what the sampler that is in use does; the SDK package calls it. Without traits, takes it back. */
export function announceSampler(traits: SamplerTraits = NONE): void {
  Object.defineProperty(globalThis, TRAITS, { value: traits, configurable: true })
}

/** What was announced of the sampler in use. */
export function samplerTraits(): SamplerTraits {
  return (globalThis as { [TRAITS]?: SamplerTraits })[TRAITS] ?? NONE
}

/**
 * Whether `edge: 'join'` can be kept. A stock parent-based sampler would obey the untrusted caller's
 * sampled flag; without ours, the trace is linked instead.
 */
export function canJoinAtEdge(): boolean {
  const can = samplerTraits().decidesAtEdge === true
  if (!can && !warned) {
    warned = true
    diag.warn(
      "callchain: edge: 'join' needs startTracing() or edgeSampler() of @callchain/sdk; until then callers on the edge are linked, not joined",
    )
  }
  return can
}
