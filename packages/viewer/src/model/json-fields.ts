import type { AttributeValue } from './attribute-value.ts'

/** A JSON object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

const MAX_DEPTH = 32

/** The value as an object; an empty one for anything else. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** True for an object that is not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The list's objects; none when it is not a list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The value as text; '' for anything else. */
export function textField(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The value as a whole number from 0 up, also from digits; 0 for anything else. */
export function countField(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : 0
}

/** An id of this many hexadecimal digits in any case; '' for anything else. */
export function idField(value: unknown, digits: number): string {
  if (typeof value !== 'string' || value.length !== digits) return ''
  return /^[\da-f]+$/i.test(value) ? value.toLowerCase() : ''
}

/** The id of a trace: of up to 32 digits, as 32, or of 16 bytes in base64; '' for anything else. */
export function traceField(value: unknown): string {
  return fromBase64(value, 16) || paddedField(value, 32)
}

/** The id of a span: of up to 16 digits, as 16, or of 8 bytes in base64; '' for anything else. */
export function spanField(value: unknown): string {
  return fromBase64(value, 8) || paddedField(value, 16)
}

function paddedField(value: unknown, digits: number): string {
  return typeof value === 'string' && value !== ''
    ? idField(value.padStart(digits, '0'), digits)
    : ''
}

/** So many bytes as protobuf's own mapping to JSON writes them; no hexadecimal id is as long. */
function fromBase64(value: unknown, bytes: 8 | 16): string {
  if (typeof value !== 'string' || !(bytes === 8 ? BASE64_8 : BASE64_16).test(value)) return ''
  return Buffer.from(value, 'base64').toString('hex')
}

/** An id as OTLP has it, of this many bytes: in hexadecimal, or as protobuf's own mapping to JSON writes it. */
export function otlpId(value: unknown, bytes: 8 | 16): string {
  const id = idField(value, 2 * bytes)
  if (id !== '' || typeof value !== 'string') return id
  // Its length differs from any in hexadecimal, also without padding.
  return fromBase64(value.replace(/=+$/, '') + (bytes === 8 ? '=' : '=='), bytes)
}

const BASE64_8 = /^[\w+/-]{11}=$/
const BASE64_16 = /^[\w+/-]{22}==$/

/** Any JSON value as an attribute's value. */
export function plainValue(value: unknown, depth = 0): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (depth > MAX_DEPTH) return null
  if (Array.isArray(value)) return value.map((each) => plainValue(each, depth + 1))
  if (!isObject(value)) return null
  const object: Record<string, AttributeValue> = Object.create(null)
  for (const [key, each] of Object.entries(value)) object[key] = plainValue(each, depth + 1)
  return object
}
