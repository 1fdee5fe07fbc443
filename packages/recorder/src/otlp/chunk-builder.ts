import type { Chunk } from './chunk.ts'
import { widthOf, writePadded } from './wire-writer.ts'

/** A length of four bytes is enough for 256 MiB. */
const LENGTH_WIDTH = 4
/** The length of most spans takes two bytes. */
const SPAN_WIDTH = 2
const RESOURCE_SPANS = 0x0a
const SCOPE_SPANS = 0x12
const SPAN = 0x12
/** With less than this share of its bytes left, a chunk is full: the next span would hardly fit. */
const SHARE_LEFT_OVER = 1 / 256

/**
 * Puts spans, which are written into its buffer, together to one request. Spans of one scope that
 * follow each other share its head; when the scope changes, another head is written, so that one
 * buffer serves every scope.
 */
export class ChunkBuilder {
  spans = 0
  /** How many bytes are used. */
  length: number
  readonly buffer: Buffer
  private readonly fullAt: number
  private readonly resourceAt = 1
  /** Where the length of the current scope stands; 0 before the first. */
  private scopeAt = 0
  private head: Uint8Array | undefined

  /** @param resource the encoded fields of ResourceSpans that are not spans */
  constructor(buffer: Buffer, resource: Uint8Array) {
    this.buffer = buffer
    buffer[0] = RESOURCE_SPANS
    buffer.set(resource, 1 + LENGTH_WIDTH)
    this.length = ChunkBuilder.emptyBytes(resource)
    this.fullAt = buffer.length * (1 - SHARE_LEFT_OVER)
  }

  get isFull(): boolean {
    return this.length >= this.fullAt
  }

  /** How many bytes the buffer of a chunk needs in any case. */
  static emptyBytes(resource: Uint8Array): number {
    return 1 + LENGTH_WIDTH + resource.length
  }

  /** How many bytes the buffer of a chunk of this one span needs. */
  static bytesFor(resource: Uint8Array, head: Uint8Array, spanBytes: number): number {
    const heads = ChunkBuilder.emptyBytes(resource) + 1 + LENGTH_WIDTH + head.length
    return heads + 1 + widthOfSpan(spanBytes) + spanBytes
  }

  /**
   * Where the fields of the next span begin.
   *
   * @param head the encoded fields of ScopeSpans that are not spans: one array for each scope
   */
  placeOf(head: Uint8Array): number {
    const ofScope = head === this.head ? 0 : 1 + LENGTH_WIDTH + head.length
    return this.length + ofScope + 1 + SPAN_WIDTH
  }

  /** How many bytes are used with a span whose fields reach from `placeOf` to `end`. */
  lengthWith(head: Uint8Array, end: number): number {
    return end + widthOfSpan(end - this.placeOf(head)) - SPAN_WIDTH
  }

  /** Adds the span whose fields were written from `placeOf` to `end`; there must be room for `lengthWith`. */
  add(head: Uint8Array, end: number): void {
    const { buffer } = this
    const place = this.placeOf(head)
    const length = this.lengthWith(head, end)
    if (length !== end) buffer.copyWithin(place + length - end, place, end)
    if (head !== this.head) this.beginScope(head)
    buffer[this.length] = SPAN
    writePadded(buffer, this.length + 1, end - place, widthOfSpan(end - place))
    this.length = length
    this.spans++
  }

  /** The request; nothing may be added after it. */
  seal(): Chunk {
    this.endScope()
    this.fillIn(this.resourceAt)
    return { bytes: this.buffer.subarray(0, this.length), spans: this.spans }
  }

  private beginScope(head: Uint8Array): void {
    this.endScope()
    this.head = head
    this.buffer[this.length] = SCOPE_SPANS
    this.scopeAt = this.length + 1
    this.buffer.set(head, this.scopeAt + LENGTH_WIDTH)
    this.length = this.scopeAt + LENGTH_WIDTH + head.length
  }

  private endScope(): void {
    if (this.scopeAt > 0) this.fillIn(this.scopeAt)
  }

  private fillIn(at: number): void {
    writePadded(this.buffer, at, this.length - at - LENGTH_WIDTH, LENGTH_WIDTH)
  }
}

function widthOfSpan(bytes: number): number {
  return Math.max(SPAN_WIDTH, widthOf(bytes))
}
