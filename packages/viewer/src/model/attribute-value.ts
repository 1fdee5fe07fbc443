/** What an attribute may hold: OTLP's AnyValue. Whole numbers beyond 2^53 are bigints. */
export type AttributeValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }

/** Tells a list from an object of values. */
export function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value)
}
