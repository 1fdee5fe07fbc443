import type { Attributes } from '@opentelemetry/api'
import type { Chunk } from './chunk.ts'
import type { EndedSpan } from './ended-span.ts'

/** What a queue sends for, and how much it holds. */
export interface QueueOptions {
  /** The attributes of the process whose spans these are. Default: none. */
  readonly resource?: Attributes
  /** The schema of the resource's attributes. Default: none. */
  readonly resourceSchemaUrl?: string
  /** Most bytes of a chunk, unless one span alone needs more. Default: 262,144. */
  readonly chunkBytes?: number
  /** Most spans of a chunk. Default: as many as fit. */
  readonly chunkSpans?: number
  /** Most bytes of what waits and of chunks that were taken but not released. Default: 16,777,216. */
  readonly maxBytes?: number
}

/** Spans that are over, encoded when they are added, in chunks of a bounded number of bytes. */
export interface SpanQueue {
  /** How many spans wait; those in chunks that were taken do not. */
  readonly spans: number
  /** How many bytes wait, or are in chunks that were taken and not released. */
  readonly bytes: number
  /** Whether a whole chunk waits. */
  readonly hasChunk: boolean
  /** How many spans were dropped because there was no room, or because they cannot be encoded. */
  readonly dropped: number
  /** Encodes a span. Gives the reason if it was dropped. */
  add(span: EndedSpan): string | undefined
  /** The oldest chunk, filled or not; undefined when nothing waits. */
  take(): Chunk | undefined
  /** Gives a chunk back that was not sent: it is the oldest again. */
  putBack(chunk: Chunk): void
  /** Says that a chunk was sent, or given up, and that nobody reads it any more: its buffer is used again. */
  release(chunk: Chunk): void
  /** Says that a chunk was given up, though somebody may still read it: its buffer is not used again. */
  discard(chunk: Chunk): void
  /** Drops what waits; gives the number of spans. Chunks that were taken are not touched. */
  clear(): number
}
