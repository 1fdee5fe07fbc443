import type { BatchLimits } from '../config/limits.ts'
import type { LossReport } from '../report/loss-report.ts'
import type { BatchProcessor } from './batch-processor-type.ts'
import type { Carrier } from './batch-queue.ts'
import { createBatchSender } from './batch-sender.ts'
import { createBoundedQueue, type ItemBatch } from './bounded-queue.ts'
import { type Exportable, type Exporter, exportSpans, flushExporter } from './export-spans.ts'

/** A span processor with a bounded queue of objects, which it hands to an exporter. */
export function createBatchProcessor<T extends Exportable>(
  exporter: Exporter<T>,
  limits: BatchLimits,
  losses: LossReport,
  estimate: (item: T) => number,
): BatchProcessor<T> {
  const queue = createBoundedQueue(limits, estimate, losses.what)
  const carrier: Carrier<ItemBatch<T>> = {
    send: ({ items }) => exportSpans(exporter, [...items], limits.exportTimeoutMillis),
    hasTaken: () => exporter.hasTaken?.() === true,
    flush: (timeoutMillis) => flushExporter(exporter, timeoutMillis),
    shutdown: () => exporter.shutdown(),
  }
  return createBatchSender(queue, carrier, limits, losses)
}
