import type { ExportFailure } from './export-failure.ts'

/** What has been taken out of a queue, to be sent. */
export interface Batch {
  /** How many items are in it. */
  readonly count: number
}

/** A bounded queue that is emptied in batches. */
export interface BatchQueue<T, B extends Batch> {
  /** How many items wait. */
  readonly length: number
  /** Whether a whole batch waits. */
  readonly hasBatch: boolean
  /** Takes an item; else says why there is no room for it. */
  add(item: T): string | undefined
  /** The next batch, if anything waits; its bytes count until it is released. */
  take(): B
  /** Puts a batch in front again, to be sent once more. */
  putBack(batch: B): void
  /** Forgets a batch that has been sent, or is lost. */
  release(batch: B): void
  /** Empties it; returns how many waited. */
  clear(): number
}

/** Takes batches away. Whatever it waits for does not keep the process alive. */
export interface Carrier<B extends Batch> {
  /** Resolves to why a batch was not delivered; undefined if it was. Never rejects. */
  send(batch: B): Promise<ExportFailure | undefined>
  /** Whether the batch that was sent last has been taken, though `send` is not over. */
  hasTaken(): boolean
  /** Sends what it holds itself, in `timeoutMillis` at most. Never rejects. */
  flush(timeoutMillis: number): Promise<void>
  shutdown(): Promise<void>
}
