/** Bounds the nesting of a value: what is deeper would exhaust the stack of its reader. */
const MAX_DEPTH = 32

/** Whether a value may stand in an event: a text, number or boolean, or a list of one of these with gaps; or nothing. */
export function isSimpleValue(value: unknown): boolean {
  if (value === undefined || value === null || isPrimitive(value)) return true
  return Array.isArray(value) && isUniform(value)
}

/**
 * Whether a value may stand on a span or a link: a text, number, boolean or null, bytes, or lists and
 * plain objects of these (OpenTelemetry Common, "AnyValue").
 */
export function isAnyValue(value: unknown): boolean {
  if (isPrimitive(value)) return true
  return typeof value === 'object' && isTree(value, [])
}

/** Whether a value may stand on a link, which keeps the key of what is undefined, as OpenTelemetry's SDK does. */
export function isAnyValueOrGap(value: unknown): boolean {
  return value === undefined || isAnyValue(value)
}

/** A copy that the application cannot change any more, with texts and bytes cut to `limit`. */
export function copyValue(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return value.length > limit ? value.slice(0, limit) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => copyValue(item, limit))
  if (value instanceof Uint8Array) {
    // A Buffer's own slice would share its memory.
    return Uint8Array.prototype.slice.call(value, 0, Math.min(limit, value.length))
  }
  // A Map keeps every key as it is written, `__proto__` too.
  const copy = new Map<string, unknown>()
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) copy.set(key, copyValue(item, limit))
  }
  return copy
}

function isPrimitive(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isUniform(list: readonly unknown[]): boolean {
  let type: string | undefined
  for (const item of list) {
    if (item === undefined || item === null) continue
    if (type === undefined ? !isPrimitive(item) : typeof item !== type) return false
    type = typeof item
  }
  return true
}

function isTree(value: object | null, above: readonly object[]): boolean {
  if (value === null || value instanceof Uint8Array) return true
  if (above.includes(value) || above.length >= MAX_DEPTH) return false
  const isList = Array.isArray(value)
  if (!isList && value.constructor !== Object && value.constructor !== undefined) return false
  const path = [...above, value]
  const items: readonly unknown[] = isList ? value : Object.values(value)
  for (const item of items) {
    if (item === undefined || isPrimitive(item)) continue
    if (typeof item !== 'object' || !isTree(item, path)) return false
  }
  return true
}
