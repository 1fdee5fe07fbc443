import { randomFillSync } from 'node:crypto'

/** Bytes drawn at once: one call costs as much as a thousand bytes. */
const POOL_BYTES = 8192
const SPAN_ID_BYTES = 8

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

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
    let text = ''
    for (const end = used + SPAN_ID_BYTES; used < end; used++) text += HEX[pool[used] ?? 0]
    return text === '0000000000000000' ? half() : text
  }
  return { spanId: half, traceId: () => half() + half() }
}
