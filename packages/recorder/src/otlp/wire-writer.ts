const FIRST_BYTES = 1024
/** Texts up to this length are written faster by a loop than by a call into V8. */
const MAX_LOOPED_LENGTH = 16
/** Most bytes of a message whose length takes one byte, with its tag. */
const MAX_SHORT_BYTES = 129
const TWO_32 = 2 ** 32

/**
 * Writes the protobuf wire format into a buffer, or into a larger one when there is no room. A length
 * that is not known yet gets as many bytes as `max`, the most it may be, asks for: a varint with
 * leading zeros is legal, and nothing has to be moved.
 */
export class WireWriter {
  position = 0
  /** What is written to: another one than the writer was aimed at when that had no room. */
  buffer: Buffer
  private start = 0
  private readonly doubles = new Float64Array(1)
  private readonly doubleBytes = new Uint8Array(this.doubles.buffer)

  constructor() {
    this.buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  }

  /** Lets the next byte go to this place. If there is no room, what was written since goes to the same place of a larger buffer. */
  aim(buffer: Buffer, position: number): void {
    this.buffer = buffer
    this.position = position
    this.start = position
  }

  /** A copy of what was written from a place on. */
  copyFrom(start: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.buffer, start, this.position)
  }

  /** Makes sure of room for bytes that the caller writes into `buffer` itself. */
  reserve(bytes: number): void {
    if (this.position + bytes > this.buffer.length) this.grow(bytes)
  }

  private grow(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.position + bytes))
    // The start may be after the end of a buffer that is full.
    if (this.position > this.start) {
      this.buffer.copy(grown, this.start, this.start, this.position)
    }
    this.buffer = grown
  }

  tag(value: number): void {
    this.reserve(1)
    this.buffer[this.position++] = value
  }

  /** Any integer of 64 bits, negative ones as two's complement. */
  varint(value: number): void {
    this.reserve(10)
    let rest = value
    if (rest < 0 || rest >= TWO_32) {
      let high = Math.floor(rest / TWO_32) >>> 0
      let low = rest >>> 0
      while (high > 0) {
        this.buffer[this.position++] = (low & 0x7f) | 0x80
        low = ((low >>> 7) | (high << 25)) >>> 0
        high >>>= 7
      }
      rest = low
    }
    while (rest > 0x7f) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[this.position++] = rest
  }

  double(value: number): void {
    this.doubles[0] = value
    this.bytes(this.doubleBytes)
  }

  /** Bytes as they are, without a length. */
  bytes(value: Uint8Array): void {
    this.reserve(value.length)
    this.buffer.set(value, this.position)
    this.position += value.length
  }

  /** A text as UTF-8, its length in front. Half of a surrogate pair becomes U+FFFD. */
  text(value: string): void {
    this.reserve(3 * value.length + 5)
    if (value.length > MAX_LOOPED_LENGTH || !this.writeAscii(value)) this.writeUtf8(value)
  }

  /**
   * Writes a KeyValue of a short text at once, where every length takes one byte: most attributes are
   * such. Gives whether it did.
   */
  shortText(tag: number, key: Uint8Array, value: string): boolean {
    const { length } = value
    const all = key.length + length + 6
    if (all > MAX_SHORT_BYTES) return false
    this.reserve(all + 2 * length)
    const { buffer } = this
    const at = this.position
    const valueAt = at + key.length + 6
    buffer[at] = tag
    buffer[at + 1] = all - 2
    buffer.set(key, at + 2)
    buffer[valueAt - 4] = 0x12
    buffer[valueAt - 3] = length + 2
    buffer[valueAt - 2] = 0x0a
    this.position = valueAt - 1
    const isAscii =
      length > MAX_LOOPED_LENGTH ? buffer.write(value, valueAt) === length : this.writeAscii(value)
    buffer[valueAt - 1] = length
    this.position = isAscii ? valueAt + length : at
    return isAscii
  }

  private writeAscii(value: string): boolean {
    const { buffer, position } = this
    const { length } = value
    buffer[position] = length
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index)
      if (code > 0x7f) return false
      buffer[position + 1 + index] = code
    }
    this.position = position + 1 + length
    return true
  }

  private writeUtf8(value: string): void {
    const at = this.position
    // Mostly every character is one byte; if not, the length may need one byte more.
    const width = widthOf(value.length)
    const length = this.buffer.write(value, at + width)
    const needed = widthOf(length)
    if (needed > width) this.buffer.copyWithin(at + needed, at + width, at + width + length)
    this.position = at + needed + length
    writePadded(this.buffer, at, length, needed)
  }

  /** Leaves room for a length of at most `max`. */
  open(max: number): number {
    this.reserve(5)
    const at = this.position
    this.position += widthOf(max)
    return at
  }

  /** Fills in the length that `open` with the same `max` has left room for. */
  close(at: number, max: number): void {
    const width = widthOf(max)
    writePadded(this.buffer, at, this.position - at - width, width)
  }
}

/** Writes a length as a varint of exactly `width` bytes. */
export function writePadded(buffer: Uint8Array, at: number, length: number, width: number): void {
  let rest = length
  const last = at + width - 1
  for (let index = at; index < last; index++) {
    buffer[index] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  buffer[last] = rest
}

/** How many bytes a varint of this value takes. */
export function widthOf(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  return value < 0x10000000 ? 4 : 5
}
