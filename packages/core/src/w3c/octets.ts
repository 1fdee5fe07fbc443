/** Optional whitespace: space and tab (RFC 9110, section 5.6.3). */
export const OWS = 1
/** `tchar`, what a token is made of (RFC 7230, section 3.2.6). */
export const TOKEN = 2
/** `baggage-octet` (W3C Baggage, section "Definition"). */
export const BAGGAGE = 4
/** `baggage-octet` without `%`: what stands for itself in a baggage value. */
export const LITERAL = 8
/** `keychar` of tracestate (W3C Trace Context Level 2, section "Key"). */
export const STATE_KEY = 16
/** `chr` of tracestate (W3C Trace Context Level 2, section "Value"). */
export const STATE_VALUE = 32
/** `HEXDIGLC`, a lower-case hexadecimal digit (W3C Trace Context, section "traceparent"). */
export const LOWER_HEX = 64

const SPACE = 0x20
const TAB = 0x09

const DIGITS = '0123456789'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()

// One byte an octet, one bit a class: a header is read with one look-up for each of its characters.
const classes = classify()

function classify(): Uint8Array {
  const table = new Uint8Array(128)
  const mark = (bit: number, octets: string): void => {
    for (const octet of octets) table[octet.charCodeAt(0)] = (table[octet.charCodeAt(0)] ?? 0) | bit
  }
  mark(OWS, ' \t')
  mark(TOKEN, `!#$%&'*+-.^_\`|~${DIGITS}${LOWER}${UPPER}`)
  mark(BAGGAGE, range(0x21, 0x7e, '",;\\'))
  mark(LITERAL, range(0x21, 0x7e, '",;\\%'))
  mark(STATE_KEY, `_-*/@${DIGITS}${LOWER}`)
  mark(STATE_VALUE, range(0x20, 0x7e, ',='))
  mark(LOWER_HEX, `${DIGITS}abcdef`)
  return table
}

function range(first: number, last: number, without: string): string {
  const octets = Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i))
  return octets.filter((octet) => !without.includes(octet)).join('')
}

/** Where the run of octets of one class that begins at `from` ends; at most `end`. */
export function skip(text: string, octets: number, from: number, end: number): number {
  let position = from
  while (position < end) {
    const code = text.charCodeAt(position)
    // `isOctet` written out, which saves a third of the time that the longest headers take.
    if (code > 127 || ((classes[code] ?? 0) & octets) === 0) break
    position++
  }
  return position
}

/** Where `text` ends once the optional whitespace before `end` is left out; at least `from`. */
export function trimEnd(text: string, from: number, end: number): number {
  let position = end
  while (position > from) {
    const code = text.charCodeAt(position - 1)
    if (code !== SPACE && code !== TAB) break
    position--
  }
  return position
}

/** Where the list element that begins at `from` ends: its comma, or the end of the header. */
export function elementEnd(header: string, from: number): number {
  const comma = header.indexOf(',', from)
  return comma === -1 ? header.length : comma
}

/** Whether a character code belongs to a class; what is not ASCII belongs to none. */
export function isOctet(code: number, octets: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & octets) !== 0
}
