import type { EndedSpan } from '@callchain/recorder'
import type { Attributes } from '@opentelemetry/api'
import type { BatchLimits } from '../config/limits.ts'
import type { LossReport } from '../report/loss-report.ts'
import type { BatchProcessor } from './batch-processor-type.ts'
import type { Carrier } from './batch-queue.ts'
import { createBatchSender } from './batch-sender.ts'
import { type ChunkBatch, createChunkQueue } from './chunk-queue.ts'
import type { Collector } from './collector.ts'
import { sendInTime } from './send-in-time.ts'

/** Takes records of spans, encodes each as it comes, and posts them to a collector in chunks. */
export function createChunkProcessor(
  collector: Collector,
  limits: BatchLimits,
  losses: LossReport,
  resource: Attributes,
): BatchProcessor<EndedSpan> {
  const post = async (batch: ChunkBatch): ReturnType<Collector['post']> => {
    const failure = await collector.post(batch.chunk.bytes, batch.count)
    batch.isRead = failure === undefined && collector.hasReadBody()
    return failure
  }
  const carrier: Carrier<ChunkBatch> = {
    send: (batch) => sendInTime(() => post(batch), limits.exportTimeoutMillis),
    hasTaken: () => collector.hasTaken(),
    flush: async () => {},
    shutdown: async () => collector.close(),
  }
  return createBatchSender(createChunkQueue(limits, resource), carrier, limits, losses)
}
