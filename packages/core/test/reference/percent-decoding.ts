// Table 3-7 of the Unicode Standard: the sequences of UTF-8, those of one byte aside.
const WELL_FORMED = [
  '[\\xc2-\\xdf][\\x80-\\xbf]',
  '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
  '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
  '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
  '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
  '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
  '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
].join('|')

// Where one of them is cut off, the longest part of it is what U+FFFD stands for.
const CUT_OFF = [
  '[\\xf1-\\xf3][\\x80-\\xbf]{0,2}',
  '\\xf0(?:[\\x90-\\xbf][\\x80-\\xbf]?)?',
  '\\xf4(?:[\\x80-\\x8f][\\x80-\\xbf]?)?',
  '\\xe0[\\xa0-\\xbf]?',
  '\\xed[\\x80-\\x9f]?',
  '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]?',
].join('|')

const utf8 = new TextEncoder()
const SUBPART = new RegExp(`(${WELL_FORMED})|${CUT_OFF}|[\\s\\S]`, 'g')

/**
 * What a baggage value stands for (W3C Baggage, section "value"), read slowly: first to bytes, one
 * a character, then to text.
 */
export function readPercentEncoded(encoded: string): string {
  const bytes = encoded.replace(/%([0-9A-Fa-f]{2})?|[^%]+/g, (octets, hex?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return octets === '%' ? '\xff' : toBytes(octets)
  })
  return bytes.replace(/[\x80-\xff]+/g, (run) => run.replace(SUBPART, toCharacter))
}

function toCharacter(_: string, sequence?: string): string {
  return sequence === undefined ? '\ufffd' : String.fromCodePoint(toCodePoint(sequence))
}

function toBytes(text: string): string {
  return String.fromCharCode(...utf8.encode(text))
}

function toCodePoint(sequence: string): number {
  const [lead = 0, ...rest] = [...sequence].map((byte) => byte.charCodeAt(0))
  const leadBits = lead & (0b111111 >> rest.length)
  return rest.reduce((bits, byte) => bits * 64 + (byte & 0b111111), leadBits)
}
