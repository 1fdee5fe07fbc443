import { BAGGAGE, elementEnd, isOctet, OWS, skip, TOKEN, trimEnd } from './octets.ts'
import { percentDecode, percentEncode } from './percent-encoding.ts'

const MAX_BYTES = 8192
const COMMA = 0x2c
const EQUALS = 0x3d
const SEMICOLON = 0x3b

/** One member of a `baggage` header, as it was received. */
export interface BaggageMember {
  /** A token, case-sensitive; percent signs in it stand for themselves. */
  readonly key: string
  /** The whole member with its properties, byte for byte, without the whitespace around it. */
  readonly text: string
  /** The value as it was sent; `decodeBaggageValue` decodes it. May be empty. */
  readonly encodedValue: string
}

/** What a `baggage` header holds. */
export interface ParsedBaggage {
  /** The legal members within the limits, in order; several may have one key. */
  readonly members: readonly BaggageMember[]
  /** How many members were malformed or beyond the limits; empty ones are not counted. */
  readonly dropped: number
}

/**
 * Reads a `baggage` header, all its lines joined by commas. Never throws.
 *
 * A malformed member is dropped, the others stay. Reading stops with the member that would take the
 * list beyond 8192 bytes, malformed and empty members included, whitespace around members not; from
 * there on every member is dropped. `maxBytes` is another limit than 8192.
 *
 * W3C Baggage, sections "Definition" and "Limits".
 */
export function parseBaggage(header: string, maxBytes: number = MAX_BYTES): ParsedBaggage {
  const members: BaggageMember[] = []
  let dropped = 0
  let size = -1
  let position = 0
  while (position <= header.length) {
    const comma = elementEnd(header, position)
    const start = skip(header, OWS, position, comma)
    const end = trimEnd(header, start, comma)
    size += end - start + 1
    if (size > maxBytes) {
      return { members, dropped: dropped + countMembers(header, start) }
    }
    const member = start === end ? undefined : readMember(header, start, end)
    if (member !== undefined) members.push(member)
    else if (start !== end) dropped++
    position = comma + 1
  }
  return { members, dropped }
}

function countMembers(header: string, from: number): number {
  let count = 0
  let isCounted = false
  for (let position = from; position < header.length; position++) {
    const code = header.charCodeAt(position)
    if (code === COMMA) isCounted = false
    else if (!isCounted && !isOctet(code, OWS)) {
      isCounted = true
      count++
    }
  }
  return count
}

function readMember(header: string, start: number, end: number): BaggageMember | undefined {
  const valueStart = readValueStart(header, start, end)
  if (valueStart < 0) return undefined
  const valueEnd = skip(header, BAGGAGE, valueStart, end)
  return {
    key: header.slice(start, skip(header, TOKEN, start, end)),
    text: header.slice(start, end),
    encodedValue: valueStart === valueEnd ? '' : header.slice(valueStart, valueEnd),
  }
}

/** Where the value of a legal member begins; -1 for a malformed one. */
function readValueStart(header: string, start: number, end: number): number {
  const keyEnd = skip(header, TOKEN, start, end)
  const equals = skip(header, OWS, keyEnd, end)
  if (keyEnd === start || equals === end || header.charCodeAt(equals) !== EQUALS) return -1
  const valueStart = skip(header, OWS, equals + 1, end)
  const valueEnd = skip(header, BAGGAGE, valueStart, end)
  return valueEnd === end || areProperties(header, valueEnd, end) ? valueStart : -1
}

function areProperties(text: string, start: number, end: number): boolean {
  let position = skip(text, OWS, start, end)
  while (position < end) {
    if (text.charCodeAt(position) !== SEMICOLON) return false
    const key = skip(text, OWS, position + 1, end)
    const keyEnd = skip(text, TOKEN, key, end)
    if (keyEnd === key) return false
    position = skip(text, OWS, keyEnd, end)
    if (position < end && text.charCodeAt(position) === EQUALS) {
      const value = skip(text, OWS, position + 1, end)
      position = skip(text, OWS, skip(text, BAGGAGE, value, end), end)
    }
  }
  return true
}

/**
 * The text that a value stands for: percent-decoded as UTF-8. Never throws: what is not UTF-8, and
 * a `%` without its two digits, becomes U+FFFD (W3C Baggage, section "value").
 */
export function decodeBaggageValue(encoded: string): string {
  return percentDecode(encoded)
}

/**
 * A value as it may stand in a header: everything that is not a `baggage-octet`, and `%`, is
 * percent-encoded. Never throws: lone surrogates become U+FFFD (W3C Baggage, section "value").
 */
export function encodeBaggageValue(value: string): string {
  return percentEncode(value)
}

/** Whether a key may stand in a header: a token of one character or more (RFC 7230, 3.2.6). */
export function isBaggageKey(key: string): boolean {
  return key !== '' && skip(key, TOKEN, 0, key.length) === key.length
}

/**
 * Writes a `baggage` header from members such as `key=value;property`, the most important first, or
 * undefined when there is nothing to send.
 *
 * A member that is malformed or has whitespace around it, or that would take the list beyond 8192
 * bytes, is left out whole; those after it that still fit are sent (W3C Baggage, section "Limits").
 * `maxBytes` is another limit than 8192.
 */
export function formatBaggage(
  members: readonly string[],
  maxBytes: number = MAX_BYTES,
): string | undefined {
  let header = ''
  for (const text of members) {
    const length = header.length + text.length + (header === '' ? 0 : 1)
    if (length > maxBytes || !isMember(text)) continue
    if (header !== '') header += ','
    header += text
  }
  return header === '' ? undefined : header
}

function isMember(text: string): boolean {
  const end = text.length
  // A key begins with what is not white space.
  return trimEnd(text, 0, end) === end && readValueStart(text, 0, end) >= 0
}
