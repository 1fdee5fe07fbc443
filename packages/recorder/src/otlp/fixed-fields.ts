import type { HrTime, SpanContext } from '@opentelemetry/api'
import type { WireWriter } from './wire-writer.ts'

/** Bits of `flags` besides those of the trace: whether the parent is remote is known, and it is. */
const HAS_IS_REMOTE = 0x100
const IS_REMOTE = 0x200
const NANOS_PER_SECOND = 1e9
const TWO_16 = 2 ** 16
const TWO_32 = 2 ** 32
/** Of a span or trace id, with a tag and a length. */
const MAX_ID_BYTES = 18
const TRACE_DIGITS = 32
const TIME_BYTES = 9
const FLAGS_BYTES = 6

/** The value of each hexadecimal digit. What a link names may be no id at all: then its bytes mean as little. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return (code >= 0x61 && code <= 0x66 ? code - 0x57 : code - 0x37) & 0xff
})

/** Writes fields of a fixed size: ids, times and flags. */
export class FixedFields {
  private readonly writer: WireWriter
  private lastTraceId = ''
  private readonly lastTraceBytes = new Uint8Array([
    0x0a,
    TRACE_DIGITS / 2,
    ...new Array(TRACE_DIGITS / 2).fill(0),
  ])

  constructor(writer: WireWriter) {
    this.writer = writer
  }

  /** The id of a trace with the tag 0x0a; spans of one trace mostly come together. */
  traceId(digits: string): void {
    if (digits.length !== TRACE_DIGITS) {
      this.id(0x0a, digits)
      return
    }
    if (digits !== this.lastTraceId) {
      decode(digits, this.lastTraceBytes, 2)
      this.lastTraceId = digits
    }
    this.writer.bytes(this.lastTraceBytes)
  }

  /** The bytes that hexadecimal digits stand for, with a tag and their number. */
  id(tag: number, digits: string): void {
    const { writer } = this
    const length = digits.length >> 1
    if (length > MAX_ID_BYTES - 2) {
      writer.tag(tag)
      writer.varint(length)
      writer.reserve(length)
      writer.position = decode(digits, writer.buffer, writer.position)
      return
    }
    writer.reserve(MAX_ID_BYTES)
    const { buffer, position } = writer
    buffer[position] = tag
    buffer[position + 1] = length
    writer.position = decode(digits, buffer, position + 2)
  }

  /** Nanoseconds since 1970 as a fixed64. */
  time(tag: number, [seconds, nanos]: HrTime): void {
    const { writer } = this
    writer.reserve(TIME_BYTES)
    const { buffer, position } = writer
    // The product would have more than 53 bits, so the upper and lower 16 bits of the seconds go apart.
    const upper = ((seconds / TWO_16) >>> 0) * NANOS_PER_SECOND
    const lower = (seconds & 0xffff) * NANOS_PER_SECOND
    const low = (lower >>> 0) + (((upper & 0xffff) * TWO_16) >>> 0) + nanos
    const high = Math.floor(lower / TWO_32) + ((upper / TWO_16) >>> 0) + Math.floor(low / TWO_32)
    buffer[position] = tag
    putFixed32(buffer, position + 1, low >>> 0)
    putFixed32(buffer, position + 5, high >>> 0)
    writer.position = position + TIME_BYTES
  }

  /** A span's or a link's flags; the tag may take one or two bytes. */
  flags(tag: number, context: SpanContext, parent: SpanContext | undefined): void {
    const { writer } = this
    writer.reserve(FLAGS_BYTES)
    const { buffer } = writer
    let at = writer.position
    buffer[at++] = tag
    if (tag > 0x7f) buffer[at++] = 1
    const isRemote = parent?.isRemote ? IS_REMOTE : 0
    putFixed32(buffer, at, (context.traceFlags & 0xff) | HAS_IS_REMOTE | isRemote)
    writer.position = at + 4
  }
}

function putFixed32(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = value
  buffer[at + 1] = value >>> 8
  buffer[at + 2] = value >>> 16
  buffer[at + 3] = value >>> 24
}

/** Gives the place after the last byte. */
function decode(digits: string, buffer: Uint8Array, start: number): number {
  const length = digits.length >> 1
  let at = start
  for (let index = 0; index < length; index++) {
    const high = DIGITS[digits.charCodeAt(2 * index) & 0x7f] ?? 0
    buffer[at++] = (high << 4) | (DIGITS[digits.charCodeAt(2 * index + 1) & 0x7f] ?? 0)
  }
  return at
}
