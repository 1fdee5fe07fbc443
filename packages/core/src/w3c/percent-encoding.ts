import { isOctet, LITERAL, skip } from './octets.ts'

const PERCENT = 0x25

// No UTF-8 sequence contains this byte, so a decoder turns it into U+FFFD and it alone.
const NEVER_UTF8 = 0xff

const digits = Int8Array.from({ length: 256 }, (_, octet) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(octet).toLowerCase())
  return octet < 128 ? digit : -1
})

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
  const bytes = Buffer.from(encoded, 'utf8')
  return bytes.toString('utf8', 0, unescapeBytes(bytes))
}

/** Writes the decoded bytes, which are never more, over the encoded ones; returns their number. */
function unescapeBytes(bytes: Uint8Array): number {
  let length = bytes.indexOf(PERCENT)
  for (let position = length; position < bytes.length; position++) {
    const byte = bytes[position] ?? 0
    if (byte !== PERCENT) {
      bytes[length++] = byte
      continue
    }
    const escaped = escapedByte(bytes, position)
    if (escaped >= 0) position += 2
    bytes[length++] = escaped >= 0 ? escaped : NEVER_UTF8
  }
  return length
}

/** The byte that the two digits after a `%` stand for; negative when they are none. */
function escapedByte(bytes: Uint8Array, position: number): number {
  if (position + 2 >= bytes.length) return -1
  const high = hexDigit(bytes[position + 1])
  return high < 0 ? high : (high << 4) | hexDigit(bytes[position + 2])
}

function hexDigit(octet = 0): number {
  return digits[octet] ?? -1
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
