import { SCHEMA_URL } from '@callchain/core/internal'
import { type Chunk, createSpanQueue, type EndedSpan, type SpanQueue } from '@callchain/recorder'
import type { Attributes } from '@opentelemetry/api'
import type { QueueBounds } from '../config/limits.ts'
import type { Batch, BatchQueue } from './batch-queue.ts'

/** Encoded spans that are sent in one request. */
export interface ChunkBatch extends Batch {
  readonly chunk: Chunk
  /** Whether nobody reads its bytes any more. */
  isRead: boolean
}

/** A queue of spans that are encoded at once, bounded by count and by their bytes. */
export function createChunkQueue(
  bounds: QueueBounds,
  resource: Attributes,
): BatchQueue<EndedSpan, ChunkBatch> {
  return new ChunkQueue(bounds, resource)
}

class ChunkQueue implements BatchQueue<EndedSpan, ChunkBatch> {
  length = 0
  private readonly maxLength: number
  private readonly spans: SpanQueue

  constructor(
    { maxQueueSize, maxQueueBytes, maxExportBatchSize }: QueueBounds,
    resource: Attributes,
  ) {
    this.maxLength = maxQueueSize
    const bounds = { maxBytes: maxQueueBytes, chunkSpans: maxExportBatchSize }
    this.spans = createSpanQueue({ resource, resourceSchemaUrl: SCHEMA_URL, ...bounds })
  }

  get hasBatch(): boolean {
    return this.spans.hasChunk
  }

  add(span: EndedSpan): string | undefined {
    if (this.length >= this.maxLength) return `the queue of ${this.maxLength} spans is full`
    const reason = this.spans.add(span)
    if (reason === undefined) this.length++
    return reason
  }

  take(): ChunkBatch {
    const chunk = this.spans.take() ?? NOTHING
    this.length -= chunk.spans
    return { count: chunk.spans, chunk, isRead: false }
  }

  putBack({ chunk }: ChunkBatch): void {
    this.spans.putBack(chunk)
    this.length += chunk.spans
  }

  release({ chunk, isRead }: ChunkBatch): void {
    if (isRead) this.spans.release(chunk)
    else this.spans.discard(chunk)
  }

  clear(): number {
    this.length = 0
    return this.spans.clear()
  }
}

const NOTHING: Chunk = { bytes: new Uint8Array(), spans: 0 }
