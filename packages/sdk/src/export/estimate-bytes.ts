import type { ReadableSpan } from '@opentelemetry/sdk-trace'

// Measured on V8: a span with its contexts and times; one attribute; one event or link.
const SPAN_BYTES = 1000
const MEMBER_BYTES = 16
const PART_BYTES = 200
/** Bounds the members read of a log line: it may hold any object of the application. */
const MAX_VISITED = 10_000
/** Least members of one object that are looked at, however many objects share the rest. */
const MIN_SAMPLED = 5

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

/** About how many bytes of memory a log line takes: text, or fields that hold what the application gave. */
export function estimateLine(line: string | Readonly<Record<string, unknown>>): number {
  if (typeof line === 'string') return 2 * line.length
  try {
    return attributeBytes(line)
  } catch {
    // A getter of the application.
    return estimateValue(line)
  }
}

/**
 * About how many bytes of memory a value takes with all that it refers to, cycles or not. Of a long
 * list, some members stand for the rest. Never throws.
 */
export function estimateValue(value: unknown): number {
  // How many objects each one stands for.
  const seen = new Map<object, number>()
  let bytes = visit(value, 1, seen)
  let visited = 0
  let parts = 0
  for (const [part, weight] of seen) {
    bytes += weight * PART_BYTES
    if (visited > MAX_VISITED) continue
    const members = membersOf(part)
    // Half of what is left, for what is inside needs the other.
    const left = (MAX_VISITED - visited) / 2 / (seen.size - parts++)
    const step = Math.max(1, Math.ceil(members.length / Math.max(MIN_SAMPLED, left)))
    const share = weight * step
    for (let index = 0; index < members.length; index += step) {
      bytes += visit(members[index], share, seen)
      visited++
    }
  }
  return Math.ceil(bytes)
}

/** The bytes of a value itself; an object is put to those that are still to be seen. */
function visit(value: unknown, weight: number, seen: Map<object, number>): number {
  if (typeof value === 'string') return 2 * value.length * weight
  if (typeof value === 'object' && value !== null && !seen.has(value)) {
    seen.set(value, weight)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength * weight
  }
  return MEMBER_BYTES * weight
}

const NONE: readonly unknown[] = []

function membersOf(part: object): readonly unknown[] {
  if (Array.isArray(part)) return part
  if (ArrayBuffer.isView(part)) return NONE
  try {
    if (part instanceof Map) return [...part].flat()
    if (part instanceof Set) return [...part]
    // Nobody can list what an error says.
    if (part instanceof Error) return [part.message, part.stack, part.cause, ...Object.values(part)]
    return Object.values(part)
  } catch {
    return readableMembersOf(part)
  }
}

/** What can be read of an object with a getter, or of a proxy, that throws. */
function readableMembersOf(part: object): readonly unknown[] {
  const members: unknown[] = []
  try {
    for (const key of Object.keys(part)) members.push(tryTo(() => Reflect.get(part, key)))
  } catch {
    // Not even its keys.
  }
  return members
}

function tryTo(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return undefined
  }
}
