import type { AmqpChannel, AmqpPublishOptions } from './types.ts'

// amqplib encodes a table of headers into 64 KiB, and throws where it does not fit.
const MAX_TABLE_BYTES = 65_536
// All properties of a message go in one frame, and the broker hangs up on one that is too large.
const FRAME_BYTES_BESIDES = 64
const BYTES_BESIDES_VALUE = 6
/** Fourteen properties besides the headers, none of which amqplib encodes in more than 256 bytes. */
const MAX_PROPERTIES_BYTES = 3584

/** Says whether so many more bytes fit into the headers of a message that a channel publishes. */
export function createTableRoom(
  channel: AmqpChannel,
  options: AmqpPublishOptions | undefined,
): (bytes: number) => boolean {
  const frameMax = frameMaxOf(channel)
  // These go into the table.
  const isShort = options?.CC === undefined && options?.BCC === undefined
  let table: number | undefined
  let properties: number | undefined
  return (bytes) => {
    table ??= sizeOf(options?.headers)
    const wanted = table + bytes + BYTES_BESIDES_VALUE
    if (wanted > MAX_TABLE_BYTES) return false
    if (!isShort || wanted + MAX_PROPERTIES_BYTES + FRAME_BYTES_BESIDES > frameMax) {
      properties ??= sizeOf(options) - sizeOf(options?.headers)
      if (wanted + properties + FRAME_BYTES_BESIDES > frameMax) return false
    }
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
