import type { QueueBounds } from '../config/limits.ts'
import type { Batch, BatchQueue } from './batch-queue.ts'

/** Items that have been taken out of the queue, to be sent. */
export interface ItemBatch<T> extends Batch {
  readonly items: readonly T[]
  readonly sizes: readonly number[]
  readonly bytes: number
}

/** A queue of objects that is bounded by count and by bytes. */
export type BoundedQueue<T> = BatchQueue<T, ItemBatch<T>>

// Collectors take requests of some 20 MB at most, and a request is built in memory at once.
const MAX_BATCH_BYTES = 4 * 1024 * 1024

/** A queue of what `what` calls by name, in the singular. */
export function createBoundedQueue<T>(
  bounds: QueueBounds,
  estimate: (item: T) => number,
  what: string,
): BoundedQueue<T> {
  return new ByteBoundedQueue(bounds, estimate, what)
}

class ByteBoundedQueue<T> implements BoundedQueue<T> {
  private readonly bounds: QueueBounds
  private readonly estimate: (item: T) => number
  private readonly what: string
  private items: T[] = []
  private sizes: number[] = []
  /** Of what waits. */
  private waitingBytes = 0
  /** Of what waits and what is being sent. */
  private heldBytes = 0

  constructor(bounds: QueueBounds, estimate: (item: T) => number, what: string) {
    this.bounds = bounds
    this.estimate = estimate
    this.what = what
  }

  get length(): number {
    return this.items.length
  }

  get hasBatch(): boolean {
    return this.length >= this.bounds.maxExportBatchSize || this.waitingBytes >= MAX_BATCH_BYTES
  }

  add(item: T): string | undefined {
    const { maxQueueSize, maxQueueBytes } = this.bounds
    if (this.length >= maxQueueSize) return `the queue of ${maxQueueSize} ${this.what}s is full`
    const bytes = this.estimate(item)
    if (this.heldBytes + bytes > maxQueueBytes) return `the queue of ${maxQueueBytes} bytes is full`
    this.items.push(item)
    this.sizes.push(bytes)
    this.waitingBytes += bytes
    this.heldBytes += bytes
    return undefined
  }

  take(): ItemBatch<T> {
    let count = 0
    let bytes = 0
    while (count < Math.min(this.length, this.bounds.maxExportBatchSize)) {
      const size = this.sizes[count] ?? 0
      if (count > 0 && bytes + size > MAX_BATCH_BYTES) break
      bytes += size
      count++
    }
    this.waitingBytes -= bytes
    const items = this.items.splice(0, count)
    return { count, items, sizes: this.sizes.splice(0, count), bytes }
  }

  putBack(batch: ItemBatch<T>): void {
    this.items = [...batch.items, ...this.items]
    this.sizes = [...batch.sizes, ...this.sizes]
    this.waitingBytes += batch.bytes
  }

  release(batch: ItemBatch<T>): void {
    this.heldBytes -= batch.bytes
  }

  clear(): number {
    this.heldBytes -= this.waitingBytes
    this.waitingBytes = 0
    this.sizes = []
    return this.items.splice(0).length
  }
}
