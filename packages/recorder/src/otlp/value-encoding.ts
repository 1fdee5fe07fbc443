import type { AttributeList } from '../rules/attribute-list.ts'
import type { WireWriter } from './wire-writer.ts'

/** Most keys whose bytes are kept, and their length; keys recur, but a program may make some up. */
const MAX_KEPT_KEYS = 1024
const MAX_KEPT_KEY_LENGTH = 64
/** Most bytes of a value that is a number or a boolean. */
const MAX_NUMBER_BYTES = 11
/** Most bytes of a list or a map: as many as a length of four bytes can tell. */
const MAX_NESTED_BYTES = 0xfffffff
const MIN_INTEGER = -(2 ** 63)
const MAX_INTEGER = 2 ** 63

/** Writes attributes as OTLP's KeyValue. */
export class ValueEncoder {
  private readonly writer: WireWriter
  private readonly keys = new Map<string, Uint8Array>()

  constructor(writer: WireWriter) {
    this.writer = writer
  }

  /** Each attribute as a field with this tag. */
  attributes(list: AttributeList, tag: number): void {
    const { keys, values } = list
    for (let index = 0; index < keys.length; index++) {
      this.keyValue(tag, keys[index] ?? '', values[index])
    }
  }

  private keyValue(tag: number, key: string, value: unknown): void {
    const { writer } = this
    const encoded = this.keys.get(key) ?? this.encodeKey(key)
    if (typeof value === 'string' && writer.shortText(tag, encoded, value)) return
    const most = maxBytes(value)
    const all = most + encoded.length + 6
    writer.tag(tag)
    const start = writer.open(all)
    writer.bytes(encoded)
    writer.tag(0x12)
    const inner = writer.open(most)
    this.value(value)
    writer.close(inner, most)
    writer.close(start, all)
  }

  private value(value: unknown): void {
    const { writer } = this
    if (typeof value === 'string') {
      writer.tag(0x0a)
      writer.text(value)
    } else if (typeof value === 'number') this.number(value)
    else if (typeof value === 'boolean') {
      writer.tag(0x10)
      writer.varint(value ? 1 : 0)
    } else if (Array.isArray(value)) this.list(value)
    else if (value instanceof Uint8Array) {
      writer.tag(0x3a)
      writer.varint(value.length)
      writer.bytes(value)
    } else if (value instanceof Map) this.map(value)
    // Else it is null or undefined: a value without content.
  }

  private number(value: number): void {
    const { writer } = this
    if (Number.isInteger(value) && value >= MIN_INTEGER && value < MAX_INTEGER) {
      writer.tag(0x18)
      writer.varint(value)
    } else {
      writer.tag(0x21)
      writer.double(value)
    }
  }

  private list(items: readonly unknown[]): void {
    const { writer } = this
    writer.tag(0x2a)
    const start = writer.open(MAX_NESTED_BYTES)
    for (const item of items) {
      const most = maxBytes(item)
      writer.tag(0x0a)
      const inner = writer.open(most)
      this.value(item)
      writer.close(inner, most)
    }
    writer.close(start, MAX_NESTED_BYTES)
  }

  private map(items: ReadonlyMap<string, unknown>): void {
    const { writer } = this
    writer.tag(0x32)
    const start = writer.open(MAX_NESTED_BYTES)
    for (const [key, item] of items) this.keyValue(0x0a, key, item)
    writer.close(start, MAX_NESTED_BYTES)
  }

  private encodeKey(key: string): Uint8Array {
    const text = Buffer.from(key)
    const encoded = Buffer.concat([Buffer.of(0x0a), lengthBytes(text.length), text])
    if (key.length <= MAX_KEPT_KEY_LENGTH && this.keys.size < MAX_KEPT_KEYS) {
      this.keys.set(key, encoded)
    }
    return encoded
  }
}

function lengthBytes(length: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.of(...bytes, rest)
    bytes.push((rest & 0x7f) | 0x80)
  }
}

/** The most bytes that a value takes as AnyValue. */
function maxBytes(value: unknown): number {
  if (typeof value === 'string') return 3 * value.length + 6
  if (typeof value !== 'object' || value === null) return MAX_NUMBER_BYTES
  return value instanceof Uint8Array ? value.length + 6 : MAX_NESTED_BYTES
}
