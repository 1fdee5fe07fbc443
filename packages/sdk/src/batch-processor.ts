import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { type Exportable, type Exporter, exportSpans } from './export-spans.ts'
import type { LossReport } from './loss-report.ts'

/** The sizes and times of a batch processor; times in milliseconds. */
export interface BatchLimits {
  readonly maxQueueSize: number
  readonly maxExportBatchSize: number
  readonly scheduledDelayMillis: number
  readonly exportTimeoutMillis: number
}

/** A batch processor, with what an ending process asks of it. */
export interface BatchProcessor<T = ReadableSpan> extends Omit<SpanProcessor, 'onEnd'> {
  /** Takes what has ended into the queue, if it is sampled. */
  onEnd(item: T): void
  /** Whether it has spans to send. */
  readonly pending: boolean
  /** Sends what waits, as `forceFlush` does, but without keeping the process alive meanwhile. */
  drain(): Promise<void>
  /** As `drain`, but a failed export is the last: what then still waits is lost. */
  finish(): Promise<void>
  /** Counts what waits as lost, for the process ends before it can be sent. */
  abandon(): void
}

const SAMPLED = 1

/**
 * A span processor with a bounded queue, one export at a time. What does not fit in the queue and
 * what an export fails to deliver goes to `losses`; the processor never rejects and, but for a flush
 * that somebody waits for, never keeps the process alive.
 */
export function createBatchProcessor<T extends Exportable>(
  exporter: Exporter<T>,
  limits: BatchLimits,
  losses: LossReport,
): BatchProcessor<T> {
  return new BoundedBatchProcessor(exporter, limits, losses)
}

class BoundedBatchProcessor<T extends Exportable> implements BatchProcessor<T> {
  private readonly exporter: Exporter<T>
  private readonly limits: BatchLimits
  private readonly losses: LossReport
  private queue: T[] = []
  private timer: NodeJS.Timeout | undefined
  private scheduled: NodeJS.Immediate | undefined
  /** The export under way; resolves to whether it delivered. */
  private exporting: Promise<boolean> | undefined
  /** How many spans that export carries. */
  private carried = 0
  /** How many spans did not fit in the queue since the last export ended. */
  private dropped = 0
  /** Whether a failure is final for all that waits. */
  private ending = false
  private stopped: Promise<void> | undefined

  constructor(exporter: Exporter<T>, limits: BatchLimits, losses: LossReport) {
    this.exporter = exporter
    this.limits = limits
    this.losses = losses
  }

  get pending(): boolean {
    return this.queue.length > 0 || this.carried > 0
  }

  onStart(): void {}

  onEnd(span: T): void {
    if (this.stopped !== undefined || (span.spanContext().traceFlags & SAMPLED) === 0) return
    if (this.queue.length >= this.limits.maxQueueSize) {
      // Told with the end of the export under way, which knows why the queue is full.
      this.dropped++
      return
    }
    this.queue.push(span)
    if (this.exporting === undefined) this.schedule()
  }

  async forceFlush(): Promise<void> {
    // Exports hold nothing themselves, so somebody who awaits the flush would be left without it.
    const held = setInterval(() => {}, 2 ** 30)
    try {
      await this.drain()
    } finally {
      clearInterval(held)
    }
  }

  async drain(): Promise<void> {
    // Gives up at the first failure, for the next export would fail too.
    if (this.exporting !== undefined && !(await this.exporting)) return
    let left = this.queue.length
    while (left > 0) {
      left -= this.limits.maxExportBatchSize
      if (!(await this.exportBatch())) return
    }
  }

  async finish(): Promise<void> {
    this.ending = true
    await this.drain()
    this.ending = false
  }

  abandon(): void {
    this.lose(this.queue.splice(0).length, 'the process ended before the collector had taken them')
  }

  shutdown(): Promise<void> {
    this.stopped ??= this.stop()
    return this.stopped
  }

  private async stop(): Promise<void> {
    this.ending = true
    await this.forceFlush()
    this.cancelSchedule()
    await this.exporter.shutdown().catch(() => {})
  }

  private schedule(): void {
    if (this.queue.length >= this.limits.maxExportBatchSize) {
      // Not at once: serialising a batch would delay the request whose span has just ended. Not
      // unref'd: an idle process would run it only when something else happens.
      this.scheduled ??= setImmediate(this.exportNext)
    } else {
      this.timer ??= setTimeout(this.exportNext, this.limits.scheduledDelayMillis).unref()
    }
  }

  private cancelSchedule(): void {
    clearTimeout(this.timer)
    clearImmediate(this.scheduled)
    this.timer = undefined
    this.scheduled = undefined
  }

  private readonly exportNext = (): void => {
    void this.exportBatch()
  }

  /** Exports one batch, after the export under way; resolves to whether it was delivered. */
  private async exportBatch(): Promise<boolean> {
    this.cancelSchedule()
    while (this.exporting !== undefined) await this.exporting
    if (this.queue.length === 0) return true
    const batch = this.queue.splice(0, this.limits.maxExportBatchSize)
    this.carried = batch.length
    this.exporting = exportSpans(this.exporter, batch, this.limits.exportTimeoutMillis).then(
      (failure) => {
        this.exporting = undefined
        this.tell(failure)
        if (this.queue.length > 0 && this.stopped === undefined) this.schedule()
        return failure === undefined
      },
    )
    return this.exporting
  }

  /** Tells what was lost until this export ended; a failed one is also why the queue was full. */
  private tell(failure: string | undefined): void {
    if (failure === undefined) {
      this.carried = 0
      this.lose(0, `the queue of ${this.limits.maxQueueSize} ${this.losses.what}s is full`)
    } else {
      this.lose(this.ending ? this.queue.splice(0).length : 0, failure)
    }
  }

  /** Counts `waiting`, what is carried and what was dropped as lost. */
  private lose(waiting: number, reason: string): void {
    const lost = waiting + this.carried + this.dropped
    this.carried = 0
    this.dropped = 0
    if (lost > 0) this.losses.add(lost, reason)
  }
}
