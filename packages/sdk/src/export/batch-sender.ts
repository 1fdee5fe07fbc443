import type { BatchLimits } from '../config/limits.ts'
import type { LossReport } from '../report/loss-report.ts'
import { createTally, type Tally } from '../report/tally.ts'
import { BatchExport } from './batch-export.ts'
import type { BatchProcessor } from './batch-processor-type.ts'
import type { Batch, BatchQueue, Carrier } from './batch-queue.ts'
import { createSchedule } from './export-schedule.ts'
import { holdingProcess } from './holding-process.ts'
import { createQueueCounts, type QueueCounts } from './queue-counts.ts'

const SAMPLED = 1
const SHUT_DOWN = 'tracing was already shut down'
/** Longest pause asked for by a collector that a flush waits for; what waits is sent later. */
const MAX_FLUSH_PAUSE_MILLIS = 10_000

/**
 * Sends what is put into `queue`, one batch at a time. What does not fit and what is not delivered goes
 * to `losses`; the sender never rejects and, but for a flush that somebody waits for, never keeps the
 * process alive.
 */
export function createBatchSender<T extends Sendable, B extends Batch>(
  queue: BatchQueue<T, B>,
  carrier: Carrier<B>,
  limits: BatchLimits,
  losses: LossReport,
): BatchProcessor<T> {
  return new BatchSender(queue, carrier, limits, createTally(losses))
}

/** What may wait to be sent. */
export interface Sendable {
  spanContext(): { readonly traceFlags: number }
}

class BatchSender<T extends Sendable, B extends Batch> implements BatchProcessor<T> {
  private readonly queue: BatchQueue<T, B>
  private readonly carrier: Carrier<B>
  private readonly limits: BatchLimits
  private readonly tally: Tally
  private readonly exporting: BatchExport<B>
  private readonly schedule = createSchedule(() => this.exportBatch())
  /** Why nothing is taken any more. */
  private closed: string | undefined
  private stopped: Promise<void> | undefined
  /** Woken when an export is over. */
  private waiters: (() => void)[] = []

  constructor(queue: BatchQueue<T, B>, carrier: Carrier<B>, limits: BatchLimits, tally: Tally) {
    this.queue = queue
    this.carrier = carrier
    this.limits = limits
    this.tally = tally
    this.exporting = new BatchExport(queue, carrier, tally, () => {
      if (this.queue.length > 0) this.plan()
      this.wake()
    })
  }

  get pending(): boolean {
    return this.queue.length > 0 || this.exporting.isUnderWay
  }

  get counts(): QueueCounts {
    return createQueueCounts(this.limits.maxQueueSize, this.queue, this.exporting, this.tally)
  }

  onStart(): void {}

  onEnd(span: T): void {
    if ((span.spanContext().traceFlags & SAMPLED) === 0) return
    // What ends while the last are sent goes with them.
    const isStopped = this.stopped !== undefined && !this.pending
    const closed = this.closed ?? (isStopped ? SHUT_DOWN : undefined)
    if (closed === undefined) this.take(span)
    else this.tally.refuse(closed)
  }

  private take(span: T): void {
    const reason = this.queue.add(span)
    if (reason !== undefined) this.tally.drop(reason, dropType(reason))
    else {
      this.tally.accept()
      if (!this.exporting.isUnderWay && !(this.schedule.isSet && !this.queue.hasBatch)) {
        this.plan()
      }
    }
  }

  forceFlush(): Promise<void> {
    return holdingProcess(async () => {
      await this.drain()
      await this.carrier.flush(this.limits.exportTimeoutMillis)
    })
  }

  drain(): Promise<void> {
    const target = this.tally.accepted
    return this.sendUntil(() => this.tally.settled >= target, MAX_FLUSH_PAUSE_MILLIS)
  }

  async finish(): Promise<void> {
    const { exporting } = this
    await exporting.runLast(() =>
      this.sendUntil(() => !this.pending, this.limits.exitTimeoutMillis),
    )
    // The collector asks for more time than there is.
    if (!exporting.isUnderWay && exporting.pause.millisLeft() > 0) {
      this.abandon(exporting.pause.reason)
    }
    await this.carrier.flush(this.limits.exitTimeoutMillis)
  }

  abandon(reason: string): void {
    this.exporting.abandon(reason)
    if (this.stopped !== undefined) this.close(SHUT_DOWN)
    this.schedule.cancel()
    this.wake()
  }

  close(reason: string): void {
    this.closed ??= reason
  }

  shutdown(): Promise<void> {
    this.stopped ??= this.stop()
    return this.stopped
  }

  private async stop(): Promise<void> {
    await holdingProcess(() => this.finish())
    // Also closes it, for good.
    this.abandon(SHUT_DOWN)
    try {
      await this.carrier.shutdown()
    } catch {
      // What it says is of no use any more.
    }
  }

  /**
   * Exports until `isDone`, but no further than the first failure after which the next export would
   * fail too, nor into a pause that is longer than `patienceMillis`.
   */
  private async sendUntil(isDone: () => boolean, patienceMillis: number): Promise<void> {
    const { exporting } = this
    const { failures } = exporting
    const latest = performance.now() + patienceMillis
    while (this.pending && !isDone() && failures === exporting.failures) {
      if (!exporting.isUnderWay) {
        const pause = exporting.pause.millisLeft()
        if (performance.now() + pause > latest && pause > 0) return
        if (pause > 0) this.plan()
        else this.exportBatch()
      }
      await new Promise<void>((resolve) => this.waiters.push(resolve))
    }
  }

  private wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter()
  }

  private plan(): void {
    const pause = this.exporting.pause.millisLeft()
    if (pause === 0 && this.queue.hasBatch) this.schedule.soon()
    else this.schedule.in(pause || this.limits.scheduledDelayMillis)
  }

  /** Begins to export a batch unless one is under way. */
  private exportBatch(): void {
    if (this.exporting.isUnderWay || this.queue.length === 0) return
    this.schedule.cancel()
    this.exporting.begin()
  }
}

/** What metrics call it when a queue does not take something: it is full, or the item cannot be encoded. */
function dropType(reason: string): string {
  return reason.endsWith('is full') ? 'queue_full' : '_OTHER'
}
