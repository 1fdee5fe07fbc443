import { diag } from '@opentelemetry/api'
import { SDK_TRAITS } from './shared-keys.ts'

/** What core may rely on of the SDK that is started. */
export interface SdkTraits {
  /** Decides again, from the trace id, under `edge: 'join'`. */
  readonly decidesAtEdge?: boolean
  /** Never samples what an unsampled parent is told of, whatever its name and attributes. */
  readonly followsParent?: boolean
  /** Propagates nothing at all, which OpenTelemetry's API cannot tell from no SDK. */
  readonly propagatesNothing?: boolean
  /** Exceptions go out as log records, and with `logs/dup` as events of spans, too (Semantic conventions, "Exceptions in logs"). */
  readonly exceptions?: 'logs' | 'logs/dup'
  /** Whether a member of baggage that no identity field declares may leave the process, by its key and its decoded value. */
  readonly mayCarry?: (key: string, value: string) => boolean
}

const NONE: SdkTraits = {}

let warned = false

/** Says what the SDK that is in use does, on top of what was said; without traits, takes all back. */
export function announceSdk(traits?: SdkTraits): void {
  const value = traits === undefined ? NONE : { ...sdkTraits(), ...traits }
  Object.defineProperty(globalThis, SDK_TRAITS, { value, configurable: true })
}

/** What was announced of the SDK in use. */
export function sdkTraits(): SdkTraits {
  return (globalThis as { [SDK_TRAITS]?: SdkTraits })[SDK_TRAITS] ?? NONE
}

/**
 * Whether `edge: 'join'` can be kept. A stock parent-based sampler would obey the untrusted caller's
 * sampled flag; without ours, the trace is linked instead.
 */
export function canJoinAtEdge(): boolean {
  const can = sdkTraits().decidesAtEdge === true
  if (!can && !warned) {
    warned = true
    diag.warn(
      "callchain: edge: 'join' needs startTracing() or edgeSampler() from @callchain/sdk; without it, callers on the edge are linked, not joined",
    )
  }
  return can
}
