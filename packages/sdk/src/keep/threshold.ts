import { createTraceState, type SpanContext, type TraceState } from '@opentelemetry/api'

/**
 * Consistent probability (OpenTelemetry, "TraceState: Probability Sampling"): a trace is kept if its
 * randomness is not below a threshold, so that everybody who asks decides the same, and a smaller
 * share is part of a larger one.
 */
export interface Threshold {
  /** As it is compared: 14 hexadecimal digits. */
  readonly digits: string
  /** As it is written in `ot=th`: without the zeros at its end. */
  readonly encoded: string
}

/** Hexadecimal digits of 56 bits. */
const DIGITS = 14
/** How many digits of a threshold say something, after those that only say that it is small. */
const PRECISION = 4

/** Every trace passes this one. */
export const CERTAIN: Threshold = { digits: '0'.repeat(DIGITS), encoded: '0' }

/** The threshold of a share of all traces, from 0 to 1; undefined for 0: "never" is not a probability. */
export function thresholdOf(share: number): Threshold | undefined {
  if (!(share > 0)) return undefined
  if (share >= 1) return CERTAIN
  const leading = Math.floor(-Math.log2(share) / 4)
  const digits = Math.min(DIGITS, leading + PRECISION)
  const all = 16n ** BigInt(digits)
  const kept = BigInt(Math.max(1, Math.round(share * 16 ** digits)))
  const shown = (all - kept).toString(16).padStart(digits, '0')
  return { digits: shown.padEnd(DIGITS, '0'), encoded: shown.replace(/0+$/, '') || '0' }
}

/** The randomness of a trace: `ot=rv` where it is given, else the last 56 bits of its id. */
export function randomnessOf(traceId: string, state: TraceState | undefined): string {
  const given = state === undefined ? undefined : partOf(state, 'rv')
  return given !== undefined && RANDOMNESS.test(given) ? given : traceId.slice(-DIGITS)
}

const RANDOMNESS = /^[0-9a-f]{14}$/
const THRESHOLD = /^[0-9a-f]{1,14}$/

/** Whether a trace of this randomness passes. */
export function passes(randomness: string, threshold: Threshold | undefined): boolean {
  return threshold !== undefined && randomness >= threshold.digits
}

/** A trace state with this threshold in place of any other; without one, whoever counts knows nothing. */
export function withThreshold(
  state: TraceState | undefined,
  threshold: Threshold | undefined,
  randomness?: string,
): TraceState | undefined {
  const others = (state?.get('ot') ?? '').split(';').filter(isOther)
  const parts = [
    ...(randomness === undefined ? [] : [`rv:${randomness}`]),
    ...others,
    ...(threshold === undefined ? [] : [`th:${threshold.encoded}`]),
  ]
  if (parts.length === 0) return state?.unset('ot')
  return (state ?? createTraceState()).set('ot', parts.join(';'))
}

function isOther(part: string): boolean {
  return part !== '' && !part.startsWith('th:')
}

/**
 * The trace state of a caller, without a threshold that its own flag contradicts: then nobody knows how
 * likely the trace was.
 */
export function trustedState({
  traceId,
  traceFlags,
  traceState,
}: SpanContext): TraceState | undefined {
  if (traceState === undefined) return undefined
  const given = partOf(traceState, 'th')
  if (given === undefined) return traceState
  const isSampled = (traceFlags & 1) === 1
  const wasKept = THRESHOLD.test(given)
    ? randomnessOf(traceId, traceState) >= given.padEnd(DIGITS, '0')
    : undefined
  return wasKept === isSampled ? traceState : withThreshold(traceState, undefined)
}

function partOf(state: TraceState, name: string): string | undefined {
  for (const part of (state.get('ot') ?? '').split(';')) {
    if (part.startsWith(`${name}:`)) return part.slice(name.length + 1)
  }
  return undefined
}
