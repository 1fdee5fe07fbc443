import { type BufferPool, createBufferPool } from './buffer-pool.ts'
import type { Chunk } from './chunk.ts'
import { ChunkBuilder } from './chunk-builder.ts'
import { ChunkWriter } from './chunk-writer.ts'
import type { EndedSpan } from './ended-span.ts'
import { encodeResource } from './head-encoding.ts'
import type { QueueOptions, SpanQueue } from './span-queue-type.ts'

const DEFAULT_CHUNK_BYTES = 256 * 1024
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024
const MAX_IDLE_BUFFERS = 4

/**
 * A queue of spans as OTLP protobuf.
 *
 * @throws TypeError when a number of bytes or spans is not a positive integer
 */
export function createSpanQueue(options: QueueOptions = {}): SpanQueue {
  return new EncodingQueue(options)
}

class EncodingQueue implements SpanQueue {
  dropped = 0
  private readonly maxBytes: number
  private readonly pool: BufferPool
  private readonly writer: ChunkWriter
  private readonly buffers = new WeakMap<Chunk, Buffer>()
  private sealed: Chunk[] = []
  /** Of what is sealed, taken or not. */
  private sealedBytes = 0
  private isEncoding = false

  constructor(options: QueueOptions) {
    const most = check('chunkBytes', options.chunkBytes ?? DEFAULT_CHUNK_BYTES, 'bytes')
    const chunkSpans = check('chunkSpans', options.chunkSpans ?? Number.MAX_SAFE_INTEGER, 'spans')
    this.maxBytes = check('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES, 'bytes')
    const resource = encodeResource(options.resource, options.resourceSchemaUrl)
    const chunkBytes = Math.max(most, ChunkBuilder.emptyBytes(resource))
    this.pool = createBufferPool(chunkBytes, MAX_IDLE_BUFFERS)
    this.writer = new ChunkWriter({
      ...{ resource, chunkBytes, chunkSpans, pool: this.pool },
      hasRoomFor: (bytes) => this.sealedBytes + bytes <= this.maxBytes,
      onWhole: (chunk) => this.seal(chunk),
    })
  }

  get spans(): number {
    let { spans } = this.writer
    for (const chunk of this.sealed) spans += chunk.spans
    return spans
  }

  get bytes(): number {
    return this.sealedBytes + this.writer.bytes
  }

  get hasChunk(): boolean {
    return this.sealed.length > 0
  }

  add(span: EndedSpan): string | undefined {
    // A trace state of the application's own making that ends a span while it is read.
    if (this.isEncoding) return this.drop('it ended while another span was encoded')
    this.isEncoding = true
    try {
      if (this.writer.write(span)) return undefined
      return this.drop(`the queue of ${this.maxBytes} bytes is full`)
    } catch (error) {
      // A trace state or a name of the application's own making.
      const reason = error instanceof Error ? error.message : String(error)
      return this.drop(`it cannot be encoded (${reason})`)
    } finally {
      this.isEncoding = false
    }
  }

  take(): Chunk | undefined {
    if (this.sealed.length === 0) this.writer.finish()
    return this.sealed.shift()
  }

  putBack(chunk: Chunk): void {
    if (this.buffers.has(chunk)) this.sealed.unshift(chunk)
  }

  release(chunk: Chunk): void {
    const buffer = this.forget(chunk)
    if (buffer !== undefined) this.pool.giveBack(buffer)
  }

  discard(chunk: Chunk): void {
    this.forget(chunk)
  }

  clear(): number {
    const { spans } = this
    for (let chunk = this.take(); chunk !== undefined; chunk = this.take()) this.release(chunk)
    return spans
  }

  private drop(reason: string): string {
    this.dropped++
    return reason
  }

  /** The buffer of a chunk; undefined the second time, for it must not serve two others. */
  private forget(chunk: Chunk): Buffer | undefined {
    const buffer = this.buffers.get(chunk)
    if (buffer === undefined) return undefined
    this.buffers.delete(chunk)
    this.sealedBytes -= chunk.bytes.length
    return buffer
  }

  private seal(open: ChunkBuilder): void {
    // What could not be encoded may have left it empty.
    if (open.spans === 0) {
      this.pool.giveBack(open.buffer)
      return
    }
    const whole = open.seal()
    const isHalfEmpty = whole.bytes.length < open.buffer.length / 2
    const buffer = isHalfEmpty ? this.shrink(open) : open.buffer
    const chunk = isHalfEmpty ? { bytes: buffer, spans: whole.spans } : whole
    this.buffers.set(chunk, buffer)
    this.sealedBytes += chunk.bytes.length
    this.sealed.push(chunk)
  }

  /** The bytes in a buffer of their size: many small chunks that wait would hold more than `maxBytes`. */
  private shrink({ buffer, length }: ChunkBuilder): Buffer {
    const small = Buffer.allocUnsafeSlow(length)
    buffer.copy(small, 0, 0, length)
    this.pool.giveBack(buffer)
    return small
  }
}

function check(name: string, value: unknown, unit: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new TypeError(`${name} is ${String(value)}; allowed is a positive integer, in ${unit}`)
}
