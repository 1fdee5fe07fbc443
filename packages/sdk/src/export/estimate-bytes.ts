import type { ReadableSpan } from '@opentelemetry/sdk-trace'

// Measured on V8: a span with its contexts and times; one attribute; one event or link.
const SPAN_BYTES = 1000
const MEMBER_BYTES = 16
const PART_BYTES = 200
/** Bounds the members read of a log line: it may hold any object of the application. */
const MAX_VISITED = 10_000

/** About how many bytes of memory a span that waits takes. A string counts two bytes a character. */
export function estimateSpan(span: ReadableSpan): number {
  let bytes = SPAN_BYTES + 2 * span.name.length + attributeBytes(span.attributes)
  const message = span.status.message
  if (message !== undefined) bytes += 2 * message.length
  for (const event of span.events) {
    bytes += PART_BYTES + 2 * event.name.length + attributeBytes(event.attributes)
  }
  for (const link of span.links) bytes += PART_BYTES + attributeBytes(link.attributes)
  return bytes
}

// The hot path: no list of entries, and most values are short strings and numbers.
function attributeBytes(attributes: Readonly<Record<string, unknown>> | undefined): number {
  let bytes = 0
  for (const key in attributes) {
    const value = attributes[key]
    bytes += MEMBER_BYTES
    if (typeof value === 'string') bytes += 2 * value.length
    else if (typeof value === 'object') bytes += estimateValue(value)
  }
  return bytes
}

/** About how many bytes of memory a value takes with all that it refers to, cycles or not. Never throws. */
export function estimateValue(value: unknown): number {
  const seen = new Set<object>()
  let bytes = visit(value, seen)
  let visited = 0
  for (const part of seen) {
    bytes += PART_BYTES
    for (const member of membersOf(part)) {
      bytes += visit(member, seen)
      if (++visited > MAX_VISITED) return bytes
    }
  }
  return bytes
}

/** The bytes of a value itself; an object is put to those that are still to be seen. */
function visit(value: unknown, seen: Set<object>): number {
  if (typeof value === 'string') return 2 * value.length
  if (typeof value === 'object' && value !== null) {
    seen.add(value)
    if (ArrayBuffer.isView(value)) return value.byteLength
  }
  return MEMBER_BYTES
}

function membersOf(part: object): Iterable<unknown> {
  if (Array.isArray(part)) return part
  if (ArrayBuffer.isView(part)) return []
  try {
    return part instanceof Map ? part.values() : Object.values(part)
  } catch {
    // A getter or a proxy of the application.
    return []
  }
}
