import type { Attributes } from '@opentelemetry/api'
import { AttributeList } from '../rules/attribute-list.ts'
import { isAnyValue } from '../rules/attribute-rules.ts'
import { type BufferPool, createBufferPool } from './buffer-pool.ts'
import type { Chunk } from './chunk.ts'
import { ChunkBuilder } from './chunk-builder.ts'
import type { EndedSpan, Scope } from './ended-span.ts'
import { encodeScope, writeSchema } from './scope-encoding.ts'
import { SpanEncoder } from './span-encoding.ts'
import { WireWriter } from './wire-writer.ts'

/** What a queue sends for, and how much it holds. */
export interface QueueOptions {
  /** The attributes of the process whose spans these are. Default: none. */
  readonly resource?: Attributes
  /** The schema of the resource's attributes. Default: none. */
  readonly resourceSchemaUrl?: string
  /** Most bytes of a chunk, unless one span alone needs more. Default: 262,144. */
  readonly chunkBytes?: number
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
  /** Says that a chunk was sent, or given up: its buffer is used again. */
  release(chunk: Chunk): void
  /** Drops what waits; gives the number of spans. Chunks that were taken are not touched. */
  clear(): number
}

const DEFAULT_CHUNK_BYTES = 256 * 1024
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024
const MAX_IDLE_BUFFERS = 4

/**
 * A queue of spans as OTLP protobuf.
 *
 * @throws TypeError when a number of bytes is not a positive integer
 */
export function createSpanQueue(options: QueueOptions = {}): SpanQueue {
  return new EncodingQueue(options)
}

class EncodingQueue implements SpanQueue {
  dropped = 0
  private readonly chunkBytes: number
  private readonly maxBytes: number
  private readonly resource: Uint8Array
  private readonly writer = new WireWriter()
  private readonly encoder = new SpanEncoder(this.writer)
  private readonly heads = new WeakMap<Scope, Uint8Array>()
  private readonly pool: BufferPool
  private readonly buffers = new WeakMap<Chunk, Uint8Array>()
  private sealed: Chunk[] = []
  private open: ChunkBuilder | undefined
  /** Of what is sealed, taken or not. */
  private sealedBytes = 0
  private isEncoding = false

  constructor(options: QueueOptions) {
    this.chunkBytes = checkBytes('chunkBytes', options.chunkBytes ?? DEFAULT_CHUNK_BYTES)
    this.maxBytes = checkBytes('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES)
    this.resource = this.encodeResource(options)
    this.pool = createBufferPool(this.chunkBytes, MAX_IDLE_BUFFERS)
  }

  get spans(): number {
    let spans = this.open?.spans ?? 0
    for (const chunk of this.sealed) spans += chunk.spans
    return spans
  }

  get bytes(): number {
    return this.sealedBytes + (this.open?.length ?? 0)
  }

  get hasChunk(): boolean {
    return this.sealed.length > 0
  }

  add(span: EndedSpan): string | undefined {
    const { writer } = this
    if (this.isEncoding) {
      // A trace state of the application's own making that ends a span while it is read.
      this.dropped++
      return 'it ended while another span was encoded'
    }
    this.isEncoding = true
    writer.clear()
    try {
      this.encoder.span(span)
      const reason = this.append(this.headOf(span.scope), writer.written)
      if (reason !== undefined) this.dropped++
      return reason
    } catch (error) {
      // A trace state or a name of the application's own making.
      this.dropped++
      return `it cannot be encoded (${error instanceof Error ? error.message : String(error)})`
    } finally {
      this.isEncoding = false
    }
  }

  take(): Chunk | undefined {
    if (this.sealed.length === 0) this.sealOpen()
    return this.sealed.shift()
  }

  release(chunk: Chunk): void {
    const buffer = this.buffers.get(chunk)
    // A second release must not hand one buffer to two chunks.
    if (buffer === undefined) return
    this.buffers.delete(chunk)
    this.sealedBytes -= chunk.bytes.length
    this.pool.giveBack(buffer)
  }

  clear(): number {
    const { spans } = this
    for (let chunk = this.take(); chunk !== undefined; chunk = this.take()) this.release(chunk)
    return spans
  }

  private append(head: Uint8Array, span: Uint8Array): string | undefined {
    const fits = this.open !== undefined && this.fits(this.open, head, span)
    const needed = fits
      ? (this.open?.bytesFor(head, span) ?? 0)
      : ChunkBuilder.bytesFor(this.resource, head, span)
    if (this.bytes + needed > this.maxBytes) return `the queue of ${this.maxBytes} bytes is full`
    if (!fits) {
      this.sealOpen()
      const buffer = needed > this.chunkBytes ? Buffer.allocUnsafeSlow(needed) : this.pool.take()
      this.open = new ChunkBuilder(buffer, this.resource)
    }
    this.open?.add(head, span)
    return undefined
  }

  private fits(open: ChunkBuilder, head: Uint8Array, span: Uint8Array): boolean {
    return open.length + open.bytesFor(head, span) <= open.buffer.length
  }

  private sealOpen(): void {
    if (this.open === undefined) return
    const chunk = this.open.seal()
    this.buffers.set(chunk, this.open.buffer)
    this.sealedBytes += chunk.bytes.length
    this.sealed.push(chunk)
    this.open = undefined
  }

  private headOf(scope: Scope): Uint8Array {
    const known = this.heads.get(scope)
    if (known !== undefined) return known
    const head = encodeScope(scope)
    this.heads.set(scope, head)
    return head
  }

  private encodeResource(options: QueueOptions): Uint8Array {
    const list = new AttributeList()
    const none = Number.POSITIVE_INFINITY
    list.setAll(options.resource, isAnyValue, none, none)
    this.writer.clear()
    this.writer.tag(0x0a)
    const start = this.writer.open(none)
    this.encoder.values.attributes(list, 0x0a)
    this.writer.close(start, none)
    writeSchema(this.writer, options.resourceSchemaUrl)
    return Uint8Array.from(this.writer.written)
  }
}

function checkBytes(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new TypeError(`${name} is ${String(value)}; allowed is a positive integer, in bytes`)
}
