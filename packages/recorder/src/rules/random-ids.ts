import { randomFillSync } from 'node:crypto'

/** Bytes drawn at once: one call costs as much as a thousand bytes. */
const POOL_BYTES = 8192
const SPAN_ID_BYTES = 8

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Draws ids of spans and traces: lower-case hexadecimal, never all zero. */
export interface RandomIds {
  /** 16 digits. */
  spanId(): string
  /** 32 digits. */
  traceId(): string
}

/** Ids from a pool of strong random bytes of its own. */
export function createRandomIds(): RandomIds {
  const pool = new Uint8Array(POOL_BYTES)
  let used = POOL_BYTES

  const half = (): string => {
    if (used === POOL_BYTES) {
      randomFillSync(pool)
      used = 0
    }
    const at = used
    used += SPAN_ID_BYTES
    const text = hexOf(pool, at)
    return text === '0000000000000000' ? half() : text
  }
  return { spanId: half, traceId: () => half() + half() }
}

// In one call: a text that is put together is taken apart again when it is read.
function hexOf(bytes: Uint8Array, at: number): string {
  const digit = (half: number): number => {
    const byte = bytes[at + (half >> 1)] ?? 0
    return DIGITS[(half & 1) === 0 ? byte >> 4 : byte & 15] ?? 0
  }
  return String.fromCharCode(
    digit(0),
    digit(1),
    digit(2),
    digit(3),
    digit(4),
    digit(5),
    digit(6),
    digit(7),
    digit(8),
    digit(9),
    digit(10),
    digit(11),
    digit(12),
    digit(13),
    digit(14),
    digit(15),
  )
}
