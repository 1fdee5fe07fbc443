const SLOTS = 32_768
const MAX_LENGTH = 64
// More than is kept of any text, so that a cut is noticed; the rest is not even decoded.
const MAX_DECODED = 5 * 65_536

/**
 * Gives the same string for the same bytes without decoding them again: names, keys and most values
 * of spans recur. Bounded by its slots; a newer string takes the slot of an older one.
 */
export interface TextCache {
  /** UTF-8. */
  text(buffer: Buffer, start: number, end: number): string
  /** Lower-case hexadecimal digits of an id. */
  hex(buffer: Buffer, start: number, end: number): string
  /** The same string, shared with equal ones seen before. */
  share(text: string): string
}

/** Makes a cache of texts. */
export function createTextCache(): TextCache {
  const texts: (string | undefined)[] = new Array(SLOTS)
  const shared = new Map<string, string>()
  let lastHex = ''
  let lastBytes: Buffer = Buffer.alloc(0)
  return {
    text(buffer, start, end) {
      const length = end - start
      if (length === 0) return ''
      if (length > MAX_LENGTH)
        return buffer.toString('utf8', start, Math.min(end, start + MAX_DECODED))
      const slot = hashOf(buffer, start, end)
      const known = texts[slot]
      if (known !== undefined && isAscii(known, buffer, start, length)) return known
      const made = buffer.toString('utf8', start, end)
      texts[slot] = made
      return made
    },
    hex(buffer, start, end) {
      // The spans of one trace mostly come one after the other.
      if (lastBytes.length === end - start && lastBytes.compare(buffer, start, end) === 0)
        return lastHex
      lastHex = buffer.toString('hex', start, end)
      lastBytes = Buffer.from(buffer.subarray(start, end))
      return lastHex
    },
    share(text) {
      if (text.length > MAX_LENGTH) return text
      const known = shared.get(text)
      if (known !== undefined) return known
      if (shared.size >= SLOTS) shared.clear()
      shared.set(text, text)
      return text
    },
  }
}

function hashOf(buffer: Buffer, start: number, end: number): number {
  let hash = end - start
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (buffer[at] ?? 0)) | 0
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

/** True when the text is these bytes, each of them ASCII. */
function isAscii(text: string, buffer: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7f || code !== buffer[start + index]) return false
  }
  return true
}
