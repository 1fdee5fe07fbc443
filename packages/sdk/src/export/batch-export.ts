import type { Tally } from '../report/tally.ts'
import type { Batch, BatchQueue, Carrier } from './batch-queue.ts'
import type { ExportFailure } from './export-failure.ts'
import { createPause, type Pause } from './pause.ts'

/** Told how long an export took, in seconds, and what it failed of, if it did. */
export type ExportWatcher = (seconds: number, errorType: string | undefined) => void

/** Exports what a queue holds, one batch at a time, and counts what became of it. */
export class BatchExport<B extends Batch> {
  /** After "429 Too Many Requests" and the like. */
  readonly pause: Pause = createPause()
  private readonly queue: BatchQueue<never, B>
  private readonly carrier: Carrier<B>
  private readonly tally: Tally
  private readonly onEnd: () => void
  /** What is being exported. */
  private current: B | undefined
  /** Told of each export that is over. */
  onExport: ExportWatcher | undefined
  /** How many callers hold a failure for final, for all that waits. */
  private endings = 0
  private failed = 0

  /** `onEnd` is called when an export is over, unless it was abandoned. */
  constructor(queue: BatchQueue<never, B>, carrier: Carrier<B>, tally: Tally, onEnd: () => void) {
    this.queue = queue
    this.carrier = carrier
    this.tally = tally
    this.onEnd = onEnd
  }

  get isUnderWay(): boolean {
    return this.current !== undefined
  }

  /** How many items are being exported. */
  get inflight(): number {
    return this.current?.count ?? 0
  }

  /** How many exports failed so that the next would fail too. */
  get failures(): number {
    return this.failed
  }

  /** Begins to export the next batch. Not while an export is under way or the queue is empty. */
  begin(): void {
    const batch = this.queue.take()
    this.current = batch
    const began = performance.now()
    void this.carrier.send(batch).then((failure) => {
      this.onExport?.((performance.now() - began) / 1000, failure && typeOf(failure))
      // Not if it has been abandoned.
      if (this.current === batch) this.end(batch, failure)
    })
  }

  /** Runs `send`; a failure in the meantime is final for all that waits. */
  async runLast(send: () => Promise<void>): Promise<void> {
    this.endings++
    await send()
    this.endings--
  }

  /** Gives up what is being exported and what waits. */
  abandon(reason: string): void {
    const batch = this.current
    this.current = undefined
    const carried = batch?.count ?? 0
    const taken = this.carrier.hasTaken() ? carried : 0
    if (batch !== undefined) this.queue.release(batch)
    if (taken > 0) this.tally.deliver(taken)
    this.tally.lose(carried - taken + this.queue.clear(), reason, 'abandoned')
  }

  private end(batch: B, failure: ExportFailure | undefined): void {
    this.current = undefined
    if (failure?.retryAfterMillis !== undefined) {
      this.queue.putBack(batch)
      this.pause.begin(failure.retryAfterMillis, failure.reason)
    } else {
      this.pause.end()
      this.queue.release(batch)
      this.settle(batch.count, failure)
    }
    this.onEnd()
  }

  private settle(count: number, failure: ExportFailure | undefined): void {
    if (failure === undefined) this.tally.deliver(count)
    else if (failure.refused === true) this.tally.lose(count, failure.reason, typeOf(failure))
    else {
      this.failed++
      const more = this.endings > 0 ? this.queue.clear() : 0
      this.tally.lose(count + more, failure.reason, typeOf(failure))
    }
  }
}

function typeOf({ type }: ExportFailure): string {
  return type ?? '_OTHER'
}
