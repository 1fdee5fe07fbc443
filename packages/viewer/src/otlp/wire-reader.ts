/** What a request is refused for: it is not what it says it is. */
export class MalformedError extends Error {}

const MAX_GROUP_DEPTH = 32

/**
 * Reads the protobuf wire format from one range of a buffer. Fields are found with `field()`, which
 * leaves what they are in `tag`; a reader that does not know a field of this number and type skips it.
 */
export class WireReader {
  readonly buffer: Buffer
  position: number
  end: number
  number = 0
  type = 0
  /** Number and wire type as they are encoded: `number << 3 | type`. */
  tag = 0
  /** The upper and lower half of the last 64-bit value. */
  high = 0
  low = 0

  constructor(buffer: Buffer, start = 0, end: number = buffer.length) {
    this.buffer = buffer
    this.position = start
    this.end = end
  }

  /** Moves to the next field of the message; false at its end. */
  field(): boolean {
    if (this.position >= this.end) return false
    this.tag = this.varint()
    this.number = this.tag >>> 3
    this.type = this.tag & 7
    if (this.number === 0) throw new MalformedError('a field has number 0')
    return true
  }

  /** A varint as an unsigned 32-bit number; what is above is read and left out. */
  varint(): number {
    const { buffer } = this
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) throw new MalformedError('a number is cut off')
      const byte = buffer[this.position++] ?? 0
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new MalformedError('a number is longer than ten bytes')
  }

  /** A varint of 64 bits into `high` and `low`. */
  varint64(): void {
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) throw new MalformedError('a number is cut off')
      const byte = this.buffer[this.position++] ?? 0
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high |= bits >>> 4
      } else high |= bits << (shift - 32)
      if (byte < 0x80) {
        this.low = low >>> 0
        this.high = high >>> 0
        return
      }
    }
    throw new MalformedError('a number is longer than ten bytes')
  }

  /** A fixed64 into `high` and `low`. */
  fixed64(): void {
    const at = this.advance(8)
    this.low = this.buffer.readUInt32LE(at)
    this.high = this.buffer.readUInt32LE(at + 4)
  }

  /** A fixed32. */
  fixed32(): number {
    return this.buffer.readUInt32LE(this.advance(4))
  }

  /** A double. */
  double(): number {
    return this.buffer.readDoubleLE(this.advance(8))
  }

  /** The last 64-bit value as a signed whole number: a bigint where a number cannot hold it. */
  signed64(): number | bigint {
    const high = this.high | 0
    const value = high * 4_294_967_296 + this.low
    if (Number.isSafeInteger(value)) return value
    return (BigInt(high) << 32n) | BigInt(this.low)
  }

  /** Reads a length and skips that many bytes. @returns where they begin; they end at `position` */
  range(): number {
    return this.advance(this.varint())
  }

  /** Goes into an embedded message. @returns the end of this one, for `leave` */
  enter(): number {
    const length = this.varint()
    const outer = this.end
    if (length > outer - this.position) throw new MalformedError('a message is cut off')
    this.end = this.position + length
    return outer
  }

  /** Goes back to the message around. */
  leave(outer: number): void {
    this.position = this.end
    this.end = outer
  }

  /** Skips the value of the field that `field` has found. */
  skip(depth = 0): void {
    if (this.type === 0) this.varint()
    else if (this.type === 1) this.advance(8)
    else if (this.type === 2) this.advance(this.varint())
    else if (this.type === 5) this.advance(4)
    else if (this.type === 3 && depth < MAX_GROUP_DEPTH) this.skipGroup(this.number, depth)
    else throw new MalformedError(`a field has the wire type ${this.type}`)
  }

  private skipGroup(number: number, depth: number): void {
    while (this.field()) {
      if (this.type === 4) {
        if (this.number === number) return
        throw new MalformedError('a group ends without a beginning')
      }
      this.skip(depth + 1)
    }
    throw new MalformedError('a group is cut off')
  }

  private advance(length: number): number {
    const at = this.position
    if (length > this.end - at) throw new MalformedError('a value is cut off')
    this.position = at + length
    return at
  }
}
