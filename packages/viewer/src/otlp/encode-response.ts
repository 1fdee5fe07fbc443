/**
 * An OTLP Export…ServiceResponse in protobuf: empty on full success, else with `partial_success`
 * (OTLP 1.11, Partial Success). The three signals have the same field numbers.
 */
export function encodePartialSuccess(rejected: number, message: string): Buffer {
  if (rejected === 0 && message === '') return Buffer.alloc(0)
  const inner = Buffer.concat([
    rejected > 0 ? Buffer.concat([Buffer.from([0x08]), varint(rejected)]) : Buffer.alloc(0),
    lengthField(0x12, Buffer.from(message)),
  ])
  return lengthField(0x0a, inner)
}

/** A google.rpc.Status in protobuf. */
export function encodeStatus(code: number, message: string): Buffer {
  return Buffer.concat([Buffer.from([0x08]), varint(code), lengthField(0x12, Buffer.from(message))])
}

/** The same with the pause that a sender is to make before it tries again (google.rpc.RetryInfo). */
export function encodeRetryStatus(code: number, message: string, seconds: number): Buffer {
  const duration = Buffer.concat([Buffer.from([0x08]), varint(Math.ceil(seconds))])
  const info = lengthField(0x0a, duration)
  const type = lengthField(0x0a, Buffer.from('type.googleapis.com/google.rpc.RetryInfo'))
  const any = Buffer.concat([type, lengthField(0x12, info)])
  return Buffer.concat([encodeStatus(code, message), lengthField(0x1a, any)])
}

/** The google.rpc.Code that says best what an HTTP status says. */
export function rpcCodeOf(status: number): number {
  const codes: Readonly<Record<number, number>> = {
    400: 3,
    401: 16,
    403: 7,
    404: 5,
    408: 4,
    413: 3,
    415: 3,
    429: 8,
    500: 13,
    503: 14,
  }
  return codes[status] ?? 2
}

function lengthField(tag: number, bytes: Buffer): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0)
  return Buffer.concat([Buffer.from([tag]), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}
