import type { AttributeValue } from './attribute-value.ts'
import { cutText } from './cut-text.ts'
import type { Shape, ShapeNode, Shapes } from './shape.ts'
import { sizeOf, sizeOfKey } from './size-of.ts'

/** The longest text of one attribute that is kept, in characters. */
export const MAX_VALUE_LENGTH = 65_536
/** The longest key that is kept, in characters. */
export const MAX_KEY_LENGTH = 512
/** What all attributes of one span, its events and links may take, in bytes. */
export const MAX_SPAN_BYTES = 1_048_576

/**
 * Collects attributes, and keeps what one span takes under the caps: a text that is too long is cut,
 * and what comes when the span is full is left out. Begin one span with `reset`.
 */
export interface AttributeBudget {
  reset(): void
  readonly clipped: boolean
  /** Bytes taken since `reset`, without those that others may share. */
  readonly used: number
  /** Notes that something is left out when nothing more fits; it need not be read then. */
  leavesOut(): boolean
  /** Takes room for something of its own size, and for what others may share; false when the span is full. */
  take(bytes: number, shared?: number): boolean
  /** The value, cut if need be. */
  clip(value: AttributeValue): AttributeValue
  collect(): AttributeCollector
}

/** Attributes that are being collected. */
export interface AttributeCollector {
  /** To be asked for when all have been added, as the values. */
  readonly shape: Shape
  readonly values: readonly AttributeValue[]
  add(key: string, value: AttributeValue): void
}

const PER_ATTRIBUTE = 24
// With less room than this, a span counts as full.
const MIN_ENTRY_BYTES = 224
const NO_VALUES: readonly AttributeValue[] = []

/** Makes a budget on a tree of shapes. */
export function createAttributeBudget(shapes: Shapes): AttributeBudget {
  return new MemoryBudget(shapes)
}

class MemoryBudget implements AttributeBudget {
  used = 0
  clipped = false
  private shared = 0
  private readonly shapes: Shapes

  constructor(shapes: Shapes) {
    this.shapes = shapes
  }

  reset(): void {
    this.used = 0
    this.shared = 0
    this.clipped = false
  }

  leavesOut(): boolean {
    if (this.used + this.shared + MIN_ENTRY_BYTES <= MAX_SPAN_BYTES) return false
    this.clipped = true
    return true
  }

  take(bytes: number, shared = 0): boolean {
    if (this.used + this.shared + bytes + shared > MAX_SPAN_BYTES) {
      this.clipped = true
      return false
    }
    this.used += bytes
    this.shared += shared
    return true
  }

  clip(value: AttributeValue): AttributeValue {
    const cut = clipValue(value)
    if (cut !== value) this.clipped = true
    return cut
  }

  collect(): AttributeCollector {
    return new Collector(this, this.shapes)
  }
}

class Collector implements AttributeCollector {
  private readonly collected: AttributeValue[] = []
  private readonly keys: string[] = []
  private readonly budget: AttributeBudget
  private readonly shapes: Shapes
  private node: ShapeNode

  constructor(budget: AttributeBudget, shapes: Shapes) {
    this.budget = budget
    this.shapes = shapes
    this.node = shapes.root()
  }

  get shape(): Shape {
    return this.shapes.shapeOf(this.node, this.keys)
  }

  get values(): readonly AttributeValue[] {
    // A list that has grown has spare room; a copy does not.
    return this.collected.length === 0 ? NO_VALUES : this.collected.slice()
  }

  add(name: string, value: AttributeValue): void {
    const { budget, shapes } = this
    const isShort = typeof value === 'number' || typeof value === 'boolean'
    const kept = isShort ? value : budget.clip(value)
    const key = name.length > MAX_KEY_LENGTH ? cutText(name, MAX_KEY_LENGTH) : name
    const known = shapes.known(this.node, key)
    // Known keys are in a shape already, whose size is counted separately.
    const forKey = known === undefined ? sizeOfKey(key) : 0
    if (!budget.take(PER_ATTRIBUTE + sizeOf(kept), forKey)) return
    this.node = known ?? shapes.grow(this.node, key)
    this.keys.push(key)
    this.collected.push(kept)
  }
}

function clipValue(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return cutText(value, MAX_VALUE_LENGTH)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array)
    return value.length > MAX_VALUE_LENGTH ? value.slice(0, MAX_VALUE_LENGTH) : value
  return sizeOf(value) > 4 * MAX_VALUE_LENGTH ? '(too large to keep)' : value
}
