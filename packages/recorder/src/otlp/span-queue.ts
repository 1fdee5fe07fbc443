import { AttributeList } from '../rules/attribute-list.ts'
import { isAnyValue } from '../rules/attribute-rules.ts'
import { type BufferPool, createBufferPool } from './buffer-pool.ts'
import type { Chunk } from './chunk.ts'
import { ChunkBuilder } from './chunk-builder.ts'
import type { EndedSpan, Scope } from './ended-span.ts'
import { encodeScope, writeSchema } from './scope-encoding.ts'
import { SpanEncoder } from './span-encoding.ts'
import type { QueueOptions, SpanQueue } from './span-queue-type.ts'
import { WireWriter } from './wire-writer.ts'

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
  private readonly chunkBytes: number
  private readonly chunkSpans: number
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
    this.chunkBytes = check('chunkBytes', options.chunkBytes ?? DEFAULT_CHUNK_BYTES, 'bytes')
    this.chunkSpans = check('chunkSpans', options.chunkSpans ?? Number.MAX_SAFE_INTEGER, 'spans')
    this.maxBytes = check('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES, 'bytes')
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

  /** The buffer of a chunk; undefined the second time, for it must not serve two others. */
  private forget(chunk: Chunk): Uint8Array | undefined {
    const buffer = this.buffers.get(chunk)
    if (buffer === undefined) return undefined
    this.buffers.delete(chunk)
    this.sealedBytes -= chunk.bytes.length
    return buffer
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
    if (this.open?.spans === this.chunkSpans) this.sealOpen()
    return undefined
  }

  private fits(open: ChunkBuilder, head: Uint8Array, span: Uint8Array): boolean {
    return open.length + open.bytesFor(head, span) <= open.buffer.length
  }

  private sealOpen(): void {
    if (this.open === undefined) return
    const { buffer } = this.open
    const sealed = this.open.seal()
    this.open = undefined
    const chunk = sealed.bytes.length < buffer.length / 2 ? this.shrink(sealed, buffer) : sealed
    this.buffers.set(chunk, chunk === sealed ? buffer : chunk.bytes)
    this.sealedBytes += chunk.bytes.length
    this.sealed.push(chunk)
  }

  /** A chunk in a buffer of its size: many small ones that wait would hold more than `maxBytes`. */
  private shrink({ bytes, spans }: Chunk, buffer: Uint8Array): Chunk {
    const small = Buffer.allocUnsafeSlow(bytes.length)
    small.set(bytes)
    this.pool.giveBack(buffer)
    return { bytes: small, spans }
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

function check(name: string, value: unknown, unit: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new TypeError(`${name} is ${String(value)}; allowed is a positive integer, in ${unit}`)
}
