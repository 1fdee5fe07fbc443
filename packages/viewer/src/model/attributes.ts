import type { Value } from '../contract/value.ts'
import { type AttributeValue, isList } from './attribute-value.ts'
import type { Shape } from './shape.ts'

/** Keys and values side by side: `values[i]` belongs to `shape.keys[i]`. */
export interface Attributes {
  readonly shape: Shape
  readonly values: readonly AttributeValue[]
}

/** The value under a key; undefined when there is none. */
export function attribute(of: Attributes, key: string): AttributeValue | undefined {
  const position = of.shape.positions.get(key)
  return position === undefined ? undefined : of.values[position]
}

/** The first of several keys that is there, for conventions that have been renamed. */
export function firstAttribute(
  of: Attributes,
  keys: readonly string[],
): AttributeValue | undefined {
  for (const key of keys) {
    const value = attribute(of, key)
    if (value !== undefined) return value
  }
  return undefined
}

/** A value as text, as a user would type it in a query. */
export function textOf(value: AttributeValue | undefined): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') return JSON.stringify(toJson(value))
  return String(value)
}

/** A value for JSON: bytes as `{ base64 }`, what JSON has no number for as text. */
export function toJson(value: AttributeValue): Value {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  if (isList(value)) return value.map(toJson)
  return mapEntries(Object.entries(value), toJson)
}

/** Attributes as one object for JSON. */
export function attributesToJson(of: Attributes): Record<string, Value> {
  const entries: [string, AttributeValue][] = of.shape.keys.map((key, index) => [
    key,
    of.values[index] ?? null,
  ])
  return mapEntries(entries, toJson)
}

function mapEntries(
  entries: readonly [string, AttributeValue][],
  map: (value: AttributeValue) => Value,
): Record<string, Value> {
  // Without a prototype, a key named __proto__ is a key like any other.
  const object: Record<string, Value> = Object.create(null)
  for (const [key, value] of entries) object[key] = map(value)
  return object
}
