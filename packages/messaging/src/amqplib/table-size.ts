import type { AmqpChannel, AmqpPublishOptions } from './types.ts'

// amqplib encodes a table of headers into 64 KiB, and throws where it does not fit.
const MAX_TABLE_BYTES = 65_536
// All properties of a message go in one frame, and the broker hangs up on one that is too large.
const FRAME_BYTES_BESIDES = 64
const BYTES_BESIDES_VALUE = 6

/** Says whether so many more bytes fit into the headers of a message that a channel publishes. */
export function createTableRoom(
  channel: AmqpChannel,
  options: AmqpPublishOptions | undefined,
): (bytes: number) => boolean {
  let table: number | undefined
  let properties = 0
  return (bytes) => {
    if (table === undefined) {
      table = sizeOf(options?.headers)
      properties = sizeOf(options) - table
    }
    const wanted = table + bytes + BYTES_BESIDES_VALUE
    if (wanted > MAX_TABLE_BYTES) return false
    if (wanted + properties + FRAME_BYTES_BESIDES > frameMaxOf(channel)) return false
    table = wanted
    return true
  }
}

function frameMaxOf({ connection }: AmqpChannel): number {
  const { frameMax } = (connection ?? {}) as { frameMax?: unknown }
  // 0 is without a limit.
  return typeof frameMax === 'number' && frameMax > 0 ? frameMax : Number.POSITIVE_INFINITY
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (value instanceof Uint8Array) return value.byteLength
  if (typeof value !== 'object' || value === null) return 9
  let size = 0
  for (const key of Object.keys(value)) {
    size += Buffer.byteLength(key) + BYTES_BESIDES_VALUE + sizeOf(Reflect.get(value, key))
  }
  return size
}
