import type { BufferPool } from './buffer-pool.ts'
import { ChunkBuilder } from './chunk-builder.ts'
import type { EndedSpan, Scope } from './ended-span.ts'
import { encodeScope } from './head-encoding.ts'
import { SpanEncoder } from './span-encoding.ts'
import { WireWriter } from './wire-writer.ts'

/** What chunks are made of, and for whom. */
export interface ChunkSettings {
  /** The encoded fields of ResourceSpans that are not spans. */
  readonly resource: Uint8Array
  /** Of buffers of `chunkBytes`. */
  readonly pool: BufferPool
  readonly chunkBytes: number
  /** Most spans of a chunk. */
  readonly chunkSpans: number
  /** Whether a chunk may hold this many bytes. */
  readonly hasRoomFor: (bytes: number) => boolean
  /** Gets each chunk that is whole. */
  readonly onWhole: (chunk: ChunkBuilder) => void
}

/** Writes each span to where it is to stay, in the chunk that is not whole yet. */
export class ChunkWriter {
  private readonly settings: ChunkSettings
  private readonly writer = new WireWriter()
  private readonly encoder = new SpanEncoder(this.writer)
  private readonly heads = new WeakMap<Scope, Uint8Array>()
  private lastScope: Scope | undefined
  private lastHead: Uint8Array = new Uint8Array()
  private open: ChunkBuilder | undefined

  constructor(settings: ChunkSettings) {
    this.settings = settings
  }

  /** How many spans the chunk holds that is not whole yet. */
  get spans(): number {
    return this.open?.spans ?? 0
  }

  /** How many bytes it holds. */
  get bytes(): number {
    return this.spans === 0 ? 0 : (this.open?.length ?? 0)
  }

  /** Gives whether there was room. */
  write(span: EndedSpan): boolean {
    const { writer } = this
    const head = this.headOf(span.scope)
    this.open ??= this.begin(this.settings.pool.take())
    const { open } = this
    const place = open.placeOf(head)
    writer.aim(open.buffer, place)
    this.encoder.span(span)
    const length = open.lengthWith(head, writer.position)
    // The writer asks for more room than it may need in the end, so both tell that there was none. And
    // a trace state of the application's own making may flush while it is read.
    const hadRoom = writer.buffer === open.buffer && length <= open.buffer.length
    if (!hadRoom || this.open !== open) return this.writeToNext(head, writer.copyFrom(place))
    if (!this.settings.hasRoomFor(length)) return this.refuse()
    this.add(open, head, writer.position)
    return true
  }

  /** Lets the chunk be whole, if there is one. */
  finish(): void {
    const { open } = this
    this.open = undefined
    if (open !== undefined) this.settings.onWhole(open)
  }

  /** Adds an encoded span to a new chunk. */
  private writeToNext(head: Uint8Array, span: Uint8Array): boolean {
    const { resource, pool, chunkBytes, hasRoomFor } = this.settings
    const needed = ChunkBuilder.bytesFor(resource, head, span.length)
    if (this.spans === 0) this.discard()
    if (!hasRoomFor(this.bytes + needed)) return this.refuse()
    this.finish()
    const buffer = needed > chunkBytes ? Buffer.allocUnsafeSlow(needed) : pool.take()
    this.open = this.begin(buffer)
    const place = this.open.placeOf(head)
    buffer.set(span, place)
    this.add(this.open, head, place + span.length)
    return true
  }

  private add(open: ChunkBuilder, head: Uint8Array, end: number): void {
    open.add(head, end)
    if (open.isFull || open.spans >= this.settings.chunkSpans) this.finish()
  }

  private refuse(): boolean {
    if (this.spans === 0) this.discard()
    return false
  }

  private begin(buffer: Buffer): ChunkBuilder {
    return new ChunkBuilder(buffer, this.settings.resource)
  }

  private discard(): void {
    if (this.open !== undefined) this.settings.pool.giveBack(this.open.buffer)
    this.open = undefined
  }

  private headOf(scope: Scope): Uint8Array {
    if (scope === this.lastScope) return this.lastHead
    const head = this.heads.get(scope) ?? encodeScope(scope)
    this.heads.set(scope, head)
    this.lastScope = scope
    this.lastHead = head
    return head
  }
}
