import { type AttributeValue, isList } from './attributes.ts'
import type { Shape, Shapes } from './shape.ts'

/** The longest text of one attribute that is kept, in characters. */
export const MAX_VALUE_LENGTH = 65_536
/** What all attributes of one span, its events and links may take, in bytes. */
export const MAX_SPAN_BYTES = 1_048_576

/**
 * Collects attributes, and keeps what one span takes under the caps: a text that is too long is cut,
 * and what comes when the span is full is left out. Begin one span with `reset`.
 */
export interface AttributeBudget {
  reset(): void
  readonly clipped: boolean
  /** Bytes taken since `reset`. */
  readonly used: number
  /** Takes room for something of its own size; false when the span is full. */
  take(bytes: number): boolean
  /** The value, cut if need be. */
  clip(value: AttributeValue): AttributeValue
  collect(): AttributeCollector
}

/** Attributes that are being collected. */
export interface AttributeCollector {
  shape: Shape
  values: AttributeValue[]
  add(key: string, value: AttributeValue): void
}

const PER_ATTRIBUTE = 24

/** Makes a budget on a tree of shapes. */
export function createAttributeBudget(shapes: Shapes): AttributeBudget {
  let used = 0
  let clipped = false
  const take = (bytes: number): boolean => {
    if (used + bytes > MAX_SPAN_BYTES) {
      clipped = true
      return false
    }
    used += bytes
    return true
  }
  const clip = (value: AttributeValue): AttributeValue => {
    const cut = clipDeep(value)
    if (cut !== value) clipped = true
    return cut
  }
  return {
    reset() {
      used = 0
      clipped = false
    },
    get clipped() {
      return clipped
    },
    get used() {
      return used
    },
    take,
    clip,
    collect() {
      const collector: AttributeCollector = {
        shape: shapes.empty(),
        values: [],
        add(key, value) {
          const kept = typeof value === 'number' || typeof value === 'boolean' ? value : clip(value)
          if (!take(PER_ATTRIBUTE + sizeOf(kept))) return
          collector.shape = shapes.extend(collector.shape, key)
          collector.values.push(kept)
        },
      }
      return collector
    },
  }
}

function clipDeep(value: AttributeValue): AttributeValue {
  if (typeof value === 'string')
    return value.length > MAX_VALUE_LENGTH ? value.slice(0, MAX_VALUE_LENGTH) : value
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array)
    return value.length > MAX_VALUE_LENGTH ? value.slice(0, MAX_VALUE_LENGTH) : value
  return sizeOf(value) > 2 * MAX_VALUE_LENGTH ? '(too large to keep)' : value
}

/** About how many bytes a value takes. */
export function sizeOf(value: AttributeValue): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  if (value instanceof Uint8Array) return value.length
  let size = 16
  if (isList(value)) for (const each of value) size += 8 + sizeOf(each)
  else for (const [key, each] of Object.entries(value)) size += 16 + key.length + sizeOf(each)
  return size
}
