import type { Chunk } from './chunk.ts'
import { widthOf, writePadded } from './wire-writer.ts'

/** A length of four bytes is enough for 256 MiB. */
const LENGTH_WIDTH = 4
const RESOURCE_SPANS = 0x0a
const SCOPE_SPANS = 0x12
const SPAN = 0x12

/**
 * Puts encoded spans together to one request. Spans of one scope that follow each other share its
 * head; when the scope changes, another head is written, so that one buffer serves every scope.
 */
export class ChunkBuilder {
  spans = 0
  readonly buffer: Uint8Array
  private position: number
  private readonly resourceAt = 1
  /** Where the length of the current scope stands; 0 before the first. */
  private scopeAt = 0
  private head: Uint8Array | undefined

  /** @param resource the encoded fields of ResourceSpans that are not spans */
  constructor(buffer: Uint8Array, resource: Uint8Array) {
    this.buffer = buffer
    buffer[0] = RESOURCE_SPANS
    buffer.set(resource, 1 + LENGTH_WIDTH)
    this.position = 1 + LENGTH_WIDTH + resource.length
  }

  /** How many bytes are used. */
  get length(): number {
    return this.position
  }

  /** How many bytes the buffer of a chunk of this one span needs. */
  static bytesFor(resource: Uint8Array, head: Uint8Array, span: Uint8Array): number {
    return 2 * (1 + LENGTH_WIDTH) + resource.length + head.length + spanBytes(span)
  }

  /** How many bytes `add` would write. */
  bytesFor(head: Uint8Array, span: Uint8Array): number {
    const ofScope = head === this.head ? 0 : 1 + LENGTH_WIDTH + head.length
    return ofScope + spanBytes(span)
  }

  /** @param head the encoded fields of ScopeSpans that are not spans: one array for each scope */
  add(head: Uint8Array, span: Uint8Array): void {
    if (head !== this.head) this.beginScope(head)
    const { buffer } = this
    buffer[this.position++] = SPAN
    const width = widthOf(span.length)
    writePadded(buffer, this.position, span.length, width)
    this.position += width
    buffer.set(span, this.position)
    this.position += span.length
    this.spans++
  }

  /** The request; nothing may be added after it. */
  seal(): Chunk {
    this.endScope()
    this.fillIn(this.resourceAt)
    return { bytes: this.buffer.subarray(0, this.position), spans: this.spans }
  }

  private beginScope(head: Uint8Array): void {
    this.endScope()
    this.head = head
    this.buffer[this.position] = SCOPE_SPANS
    this.scopeAt = this.position + 1
    this.buffer.set(head, this.scopeAt + LENGTH_WIDTH)
    this.position = this.scopeAt + LENGTH_WIDTH + head.length
  }

  private endScope(): void {
    if (this.scopeAt > 0) this.fillIn(this.scopeAt)
  }

  private fillIn(at: number): void {
    writePadded(this.buffer, at, this.position - at - LENGTH_WIDTH, LENGTH_WIDTH)
  }
}

function spanBytes(span: Uint8Array): number {
  return 1 + widthOf(span.length) + span.length
}
