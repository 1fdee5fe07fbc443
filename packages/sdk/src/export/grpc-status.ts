/** Status codes after which OTLP asks to try again ("OTLP/gRPC Response", OTLP 1.11): CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS. */
const RETRYABLE: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15])
/** RESOURCE_EXHAUSTED, which is retryable only where the server says when. */
const EXHAUSTED = 8
const MAX_PAUSE_MILLIS = 5 * 60_000
const RETRY_INFO = 'google.rpc.RetryInfo'

/** Whether another try may do better. */
export function isRetryable(code: number, retryAfterMillis: number | undefined): boolean {
  return RETRYABLE.has(code) || (code === EXHAUSTED && retryAfterMillis !== undefined)
}

/** The pause that the RetryInfo of a `grpc-status-details-bin` asks for, five minutes at most. */
export function readRetryInfo(details: Uint8Array | undefined): number | undefined {
  if (details === undefined) return undefined
  try {
    for (const any of fields(details, 3)) {
      const [type] = fields(any, 1)
      if (type === undefined || !Buffer.from(type).toString().endsWith(RETRY_INFO)) continue
      const [duration] = fields(fields(any, 2)[0] ?? EMPTY, 1)
      return duration === undefined ? undefined : Math.min(millisOf(duration), MAX_PAUSE_MILLIS)
    }
  } catch {
    // Not a google.rpc.Status.
  }
  return undefined
}

const EMPTY = new Uint8Array()

function millisOf(duration: Uint8Array): number {
  const seconds = varints(duration).get(1) ?? 0
  const nanos = varints(duration).get(2) ?? 0
  return seconds * 1000 + Math.ceil(nanos / 1e6)
}

/** All parts of a message with this number, which are messages or texts. */
function fields(message: Uint8Array, number: number): Uint8Array[] {
  const found: Uint8Array[] = []
  walk(message, (field, part) => {
    if (field === number && typeof part !== 'number') found.push(part)
  })
  return found
}

function varints(message: Uint8Array): Map<number, number> {
  const found = new Map<number, number>()
  walk(message, (field, part) => {
    if (typeof part === 'number') found.set(field, part)
  })
  return found
}

function walk(
  message: Uint8Array,
  visit: (field: number, part: number | Uint8Array) => void,
): void {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++]
      if (byte === undefined) throw new RangeError('the message ends too early')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const type = tag & 7
    if (type === 0) visit(tag >>> 3, varint())
    else if (type === 2) {
      const end = varint() + at
      visit(tag >>> 3, message.subarray(at, end))
      at = end
    } else throw new RangeError(`wire type ${type} is not expected`)
  }
}
