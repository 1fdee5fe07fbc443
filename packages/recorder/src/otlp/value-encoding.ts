import type { AttributeList } from '../rules/attribute-list.ts'
import { type KeptBytes, KnownKey } from './known-key.ts'
import type { WireWriter } from './wire-writer.ts'

/** Most keys whose bytes are kept, and their length; keys recur, but a program may make some up. */
const MAX_KEPT_KEYS = 1024
const MAX_KEPT_KEY_LENGTH = 64
/** Most bytes of values that are kept. */
const MAX_KEPT_BYTES = 1024 * 1024
/** As many attributes of a span mostly have the keys of the span of its kind before it. */
const MAX_REPEATED = 64
/** What a caller sends here may be a secret: it is not kept. */
const NEVER_KEPT: ReadonlySet<string> = new Set(['url.full', 'url.query'])
const ATTRIBUTE = 0x4a
/** Most bytes of a value that is a number or a boolean. */
const MAX_NUMBER_BYTES = 11
/** Most bytes of a list or a map: as many as a length of four bytes can tell. */
const MAX_NESTED_BYTES = 0xfffffff
const MIN_INTEGER = -(2 ** 63)
const MAX_INTEGER = 2 ** 63

/** Writes attributes as OTLP's KeyValue. */
export class ValueEncoder {
  private readonly writer: WireWriter
  private readonly kept: KeptBytes = { left: MAX_KEPT_BYTES }
  private readonly keys = new Map<string, KnownKey>()
  private readonly names: KnownKey
  /** The keys of the last span of each kind. */
  private readonly repeated: KnownKey[][] = Array.from({ length: 8 }, () => [])

  constructor(writer: WireWriter) {
    this.writer = writer
    this.names = new KnownKey('', new Uint8Array(), this.kept, true)
  }

  /** The name of a span. */
  name(name: string): void {
    const { names, writer } = this
    const known = names.bytesOf(name)
    if (known !== undefined) {
      writer.bytes(known)
      return
    }
    const at = writer.position
    writer.tag(0x2a)
    writer.text(name)
    if (names.learns(name)) names.learn(name, writer.copyFrom(at))
  }

  /** The attributes of a span; values that recur are copied. */
  ofSpan({ keys, values }: AttributeList, kind: number): void {
    const { writer } = this
    const repeated = this.repeated[kind & 7] ?? []
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? ''
      const value = values[index]
      let known = repeated[index]
      if (known === undefined || known.key !== key) {
        known = this.known(key)
        if (index <= repeated.length && index < MAX_REPEATED) repeated[index] = known
      }
      const bytes = known.bytesOf(value)
      if (bytes !== undefined) writer.bytes(bytes)
      else this.newValue(known, value)
    }
  }

  /** Each attribute as a field with this tag. */
  attributes({ keys, values }: AttributeList, tag: number): void {
    for (let index = 0; index < keys.length; index++) {
      this.keyValue(tag, this.known(keys[index] ?? '').encoded, values[index])
    }
  }

  private newValue(known: KnownKey, value: unknown): void {
    const { writer } = this
    const at = writer.position
    this.keyValue(ATTRIBUTE, known.encoded, value)
    if (known.learns(value)) known.learn(value, writer.copyFrom(at))
  }

  private keyValue(tag: number, key: Uint8Array, value: unknown): void {
    const { writer } = this
    if (typeof value === 'string' && writer.shortText(tag, key, value)) return
    const most = maxBytes(value)
    const all = most + key.length + 6
    writer.tag(tag)
    const start = writer.open(all)
    writer.bytes(key)
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
    for (const [key, item] of items) this.keyValue(0x0a, this.known(key).encoded, item)
    writer.close(start, MAX_NESTED_BYTES)
  }

  private known(key: string): KnownKey {
    const known = this.keys.get(key)
    if (known !== undefined) return known
    const isKept = key.length <= MAX_KEPT_KEY_LENGTH && this.keys.size < MAX_KEPT_KEYS
    const made = new KnownKey(key, encodeKey(key), this.kept, isKept && !NEVER_KEPT.has(key))
    if (isKept) this.keys.set(key, made)
    return made
  }
}

function encodeKey(key: string): Uint8Array {
  const text = Buffer.from(key)
  return Buffer.concat([Buffer.of(0x0a), lengthBytes(text.length), text])
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
