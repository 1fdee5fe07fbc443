/** Most values of one key whose bytes are kept. */
const MAX_KEPT_VALUES = 128
/** Most UTF-16 units of a text that is kept, with the statements that recur in mind. */
const MAX_KEPT_LENGTH = 1024
/** As many values decide whether those of a key recur. */
const DECIDING_VALUES = 512

/** How many bytes of values may still be kept, shared by all keys. */
export interface KeptBytes {
  left: number
}

/**
 * The bytes of one key, and of the attributes that it made with values that recur: they are copied
 * rather than encoded again. Most are the same as the last; a key whose values do not recur is found
 * out, and its values are not looked up any more.
 */
export class KnownKey {
  readonly key: string
  /** The key as the first field of a KeyValue. */
  readonly encoded: Uint8Array
  private lastValue: unknown
  private lastBytes: Uint8Array | undefined
  private values: Map<unknown, Uint8Array> | undefined
  private found = 0
  private missed = 0
  private readonly kept: KeptBytes

  /** @param recurs whether values may be kept at all */
  constructor(key: string, encoded: Uint8Array, kept: KeptBytes, recurs: boolean) {
    this.key = key
    this.encoded = encoded
    this.kept = kept
    if (recurs) this.values = new Map()
  }

  /** The whole attribute, if it is known. */
  bytesOf(value: unknown): Uint8Array | undefined {
    if (value === this.lastValue) {
      this.found++
      return this.lastBytes
    }
    return this.values === undefined ? undefined : this.lookUp(this.values, value)
  }

  /** Whether to hand over what this value, which `bytesOf` did not know, was encoded to. */
  learns(value: unknown): boolean {
    if (this.values === undefined) return false
    this.missed++
    if (this.missed >= DECIDING_VALUES) this.decide()
    if (this.values === undefined || this.values.size >= MAX_KEPT_VALUES) return false
    if (this.kept.left <= 0) return false
    if (typeof value === 'string') return value.length <= MAX_KEPT_LENGTH
    return typeof value === 'number' || typeof value === 'boolean'
  }

  learn(value: unknown, bytes: Uint8Array): void {
    this.kept.left -= bytes.length
    this.values?.set(value, bytes)
    this.lastValue = value
    this.lastBytes = bytes
  }

  private lookUp(values: Map<unknown, Uint8Array>, value: unknown): Uint8Array | undefined {
    const bytes = values.get(value)
    if (bytes === undefined) return undefined
    this.found++
    this.lastValue = value
    this.lastBytes = bytes
    return bytes
  }

  // What is kept may be out of fashion, so it is forgotten even when values recur.
  private decide(): void {
    for (const bytes of this.values?.values() ?? []) this.kept.left += bytes.length
    this.values = this.found >= this.missed ? new Map() : undefined
    this.lastValue = undefined
    this.lastBytes = undefined
    this.found = 0
    this.missed = 0
  }
}
