import type { Tally } from '../report/tally.ts'
import type { BatchExport, ExportWatcher } from './batch-export.ts'
import type { Batch } from './batch-queue.ts'

/** What became of all that a queue was given, for metrics: read when they are collected. */
export interface QueueCounts {
  /** Most items that wait. */
  readonly capacity: number
  /** How many wait. */
  readonly size: number
  /** How many are being exported. */
  readonly inflight: number
  readonly delivered: number
  /** How many exports lost, by `error.type`. */
  readonly failed: ReadonlyMap<string, number>
  /** How many never got to an export, by `error.type`. */
  readonly dropped: ReadonlyMap<string, number>
  /** Tells `watcher` of each export. */
  watch(watcher: ExportWatcher | undefined): void
}

/** The counts of a queue of `capacity` items, of what exports it, and of its account. */
export function createQueueCounts<B extends Batch>(
  capacity: number,
  queue: { readonly length: number },
  exporting: BatchExport<B>,
  tally: Tally,
): QueueCounts {
  return {
    capacity,
    get size() {
      return queue.length
    },
    get inflight() {
      return exporting.inflight
    },
    get delivered() {
      return tally.delivered
    },
    failed: tally.failed,
    dropped: tally.dropped,
    watch(watcher) {
      exporting.onExport = watcher
    },
  }
}
