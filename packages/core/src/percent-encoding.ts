import { isOctet, LITERAL, skip } from './octets.ts'

const PERCENT = 0x25

// No UTF-8 sequence contains this byte, so a decoder turns it into U+FFFD and it alone.
const NEVER_UTF8 = 0xff

const escapes = Array.from({ length: 256 }, (_, byte) =>
  isOctet(byte, LITERAL)
    ? String.fromCharCode(byte)
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)

/**
 * Decodes `%XX` sequences as UTF-8 (RFC 3986, section 2.1; W3C Baggage, section "value").
 *
 * Never throws: bytes that are not UTF-8 become U+FFFD, one for each maximal subpart as the WHATWG
 * Encoding Standard does, and so does a `%` that no two hexadecimal digits follow; what comes after
 * such a `%` stands for itself. `+` is a plus sign. A text without `%` is returned as it is.
 */
export function percentDecode(encoded: string): string {
  if (!encoded.includes('%')) return encoded
  // Decoded bytes are never more than the encoded ones, so they are written over them.
  const bytes = Buffer.from(encoded, 'utf8')
  let length = bytes.indexOf(PERCENT)
  for (let position = length; position < bytes.length; position++) {
    const byte = bytes[position] ?? 0
    if (byte !== PERCENT) {
      bytes[length++] = byte
      continue
    }
    const escaped = escapedByte(bytes, position)
    if (escaped !== undefined) position += 2
    bytes[length++] = escaped ?? NEVER_UTF8
  }
  return bytes.toString('utf8', 0, length)
}

function escapedByte(bytes: Uint8Array, position: number): number | undefined {
  const high = hexDigit(bytes[position + 1])
  const low = hexDigit(bytes[position + 2])
  return high === undefined || low === undefined ? undefined : high * 16 + low
}

function hexDigit(code = 0): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined
}

/**
 * Percent-encodes the UTF-8 bytes of whatever is not a `baggage-octet`, and `%` itself (W3C
 * Baggage, section "value"); upper-case hexadecimal digits (RFC 3986, section 2.1).
 *
 * Never throws: a lone surrogate, which UTF-8 cannot hold, is sent as U+FFFD.
 */
export function percentEncode(value: string): string {
  if (skip(value, LITERAL, 0, value.length) === value.length) return value
  let encoded = ''
  for (const byte of Buffer.from(value, 'utf8')) encoded += escapes[byte]
  return encoded
}
