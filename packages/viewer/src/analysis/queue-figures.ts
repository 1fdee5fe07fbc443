import type { MapNumbers, QueueDelay, QueueFigures } from '../contract/figures.ts'
import { callFigures, percentile, type Tally } from './statistics.ts'

/** What a queue's node is tallied on. */
export interface QueueTallies {
  /** The sends. */
  readonly calls: Tally
  readonly processed: Tally
  /** Nanoseconds. */
  readonly delays: readonly number[]
}

/** How long messages waited; undefined of none. */
export function delayOf(nanos: readonly number[]): QueueDelay | undefined {
  if (nanos.length === 0) return undefined
  const sorted = Float64Array.from(nanos).sort()
  const at = (share: number): number => percentile(sorted, share) / 1e6
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}

/**
 * The figures of a queue. Its calls and rate are those of the sends, else of what was handled. A message
 * fails when it is sent or when it is handled: both are its errors, and the rate is of all that came.
 */
export function queueNumbers(
  { calls: sends, processed, delays }: QueueTallies,
  seconds: number,
): Omit<MapNumbers, 'q'> & { queue: QueueFigures } {
  const numbers = callFigures(sends.calls > 0 ? sends : processed, seconds)
  const errors = sends.errors + processed.errors
  const messages = Math.max(sends.calls, sends.errors + processed.calls)
  return {
    ...numbers,
    errors,
    errorRate: messages > 0 ? errors / messages : 0,
    queue: {
      sent: sends.calls,
      processed: processed.calls,
      sendErrors: sends.errors,
      processErrors: processed.errors,
      delay: delayOf(delays),
    },
  }
}
