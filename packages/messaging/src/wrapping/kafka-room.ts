// The broker's default for a topic; what a topic really takes, a producer does not know.
const MAX_MESSAGE_BYTES = 1_048_588
const BYTES_BESIDES = 128

/**
 * Says of each header of so many bytes, before it is added, whether a message still fits into a topic of
 * Kafka; `sizeOf` gives the bytes that it has without them.
 */
export function createKafkaRoom(sizeOf: () => number): (bytes: number) => boolean {
  let size: number | undefined
  return (bytes) => {
    size ??= sizeOf()
    const fitted = size <= MAX_MESSAGE_BYTES
    const fits = size + bytes + BYTES_BESIDES <= MAX_MESSAGE_BYTES
    // One that is larger by far is for a topic that takes more.
    if (fitted && !fits) return false
    size += bytes
    return true
  }
}

/** The bytes of a value or of a header, where they are known before it is serialized. */
export function kafkaBytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return value instanceof Uint8Array ? value.byteLength : 0
}
