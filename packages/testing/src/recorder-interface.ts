import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { TestedProvider } from './record-into.ts'
import type { WaitOptions } from './span-log.ts'

/** Keeps the spans that have ended. */
export interface Recorder {
  /** The provider whose spans are kept. */
  readonly provider: TestedProvider
  /** Keeps the spans of another provider: put it among that one's span processors. */
  readonly processor: SpanProcessor
  /** The spans that have ended, in the order in which they did. */
  spans(): ReadableSpan[]
  /** The spans that have begun and not ended. */
  open(): ReadableSpan[]
  /**
   * Takes the first `count` spans that have ended, all by default, so that a later `spans()` does not
   * show them again. Throws an Error when there are fewer.
   */
  take(count?: number): ReadableSpan[]
  /**
   * Resolves to the spans that have ended once there are `count` of them, or once the predicate holds
   * for them. Rejects with an Error that lists the spans when that does not happen in time.
   */
  waitFor(
    wanted: number | ((spans: readonly ReadableSpan[]) => boolean),
    options?: WaitOptions,
  ): Promise<ReadableSpan[]>
  /** Resolves once every span that has begun has ended. Rejects like `waitFor`. */
  settled(options?: WaitOptions): Promise<void>
  /** Forgets every span. */
  reset(): void
  /** Forgets every span, and takes back what was registered globally. */
  shutdown(): Promise<void>
}
