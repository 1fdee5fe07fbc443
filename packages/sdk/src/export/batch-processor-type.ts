import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { QueueCounts } from './queue-counts.ts'

/** A batch processor, with what an ending process asks of it. */
export interface BatchProcessor<T = ReadableSpan> extends Omit<SpanProcessor, 'onStart' | 'onEnd'> {
  onStart(): void
  /** Takes what has ended into the queue, if it is sampled. */
  onEnd(item: T): void
  /** Whether it has spans to send. */
  readonly pending: boolean
  /** What became of all that it was given. */
  readonly counts: QueueCounts
  /** Sends what waits, as `forceFlush` does, but without keeping the process alive meanwhile. */
  drain(): Promise<void>
  /** Sends all that waits and comes meanwhile; a failed export is the last, what then waits is lost. */
  finish(): Promise<void>
  /** Counts what waits and what is being sent as lost, for there is no more time for it. */
  abandon(reason: string): void
  /** From now on, what ends is lost as well. */
  close(reason: string): void
}
