import type { SpanContext } from '@opentelemetry/api'
import { LOWER_HEX, OWS, skip, trimEnd } from './octets.ts'

/** The caller may have recorded its part of the trace (W3C Trace Context, section "Sampled flag"). */
export const FLAG_SAMPLED = 1
/** The right-most 7 bytes of the trace id are random (Level 2, section "Random Trace ID Flag"). */
export const FLAG_RANDOM = 2

const DASH = 0x2d
const TRACE_ID = 3
const SPAN_ID = 36
const FLAGS = 53
const LENGTH = 55

const NO_TRACE_ID = '0'.repeat(32)
const NO_SPAN_ID = '0'.repeat(16)

/**
 * Reads a `traceparent` header: the caller's span, or undefined when any part of it is illegal and
 * a new trace must start.
 *
 * Keeps the sampled and the random flag and clears every other one; of a version later than 00 it
 * keeps the sampled flag alone and ignores what follows the flags. Spaces and tabs around the value
 * are not part of it. Two header lines joined by a comma are illegal.
 *
 * W3C Trace Context Level 2, sections "traceparent Header" and "A traceparent is Received".
 */
export function parseTraceparent(header: string): SpanContext | undefined {
  const start = skip(header, OWS, 0, header.length)
  const end = trimEnd(header, start, header.length)
  if (!hasFields(header, start, end)) return undefined
  const version = header.slice(start, start + 2)
  if (version === 'ff' || !endsLegally(header, version, start + LENGTH, end)) return undefined
  const traceId = header.slice(start + TRACE_ID, start + TRACE_ID + 32)
  const spanId = header.slice(start + SPAN_ID, start + SPAN_ID + 16)
  if (traceId === NO_TRACE_ID || spanId === NO_SPAN_ID) return undefined
  const known = version === '00' ? FLAG_SAMPLED | FLAG_RANDOM : FLAG_SAMPLED
  const traceFlags = hexDigit(header.charCodeAt(start + LENGTH - 1)) & known
  return { traceId, spanId, traceFlags, isRemote: true }
}

function hasFields(header: string, start: number, end: number): boolean {
  return (
    end - start >= LENGTH &&
    skip(header, LOWER_HEX, start, end) === start + TRACE_ID - 1 &&
    header.charCodeAt(start + TRACE_ID - 1) === DASH &&
    skip(header, LOWER_HEX, start + TRACE_ID, end) === start + SPAN_ID - 1 &&
    header.charCodeAt(start + SPAN_ID - 1) === DASH &&
    skip(header, LOWER_HEX, start + SPAN_ID, end) === start + FLAGS - 1 &&
    header.charCodeAt(start + FLAGS - 1) === DASH &&
    skip(header, LOWER_HEX, start + FLAGS, start + LENGTH) === start + LENGTH
  )
}

function endsLegally(header: string, version: string, afterFlags: number, end: number): boolean {
  return afterFlags === end || (version !== '00' && header.charCodeAt(afterFlags) === DASH)
}

function hexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : code - 0x57
}

/**
 * Writes a `traceparent` header of version 00: always 55 characters, every flag but sampled and
 * random cleared (W3C Trace Context Level 2, section "Other Flags").
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 */
export function formatTraceparent(traceId: string, spanId: string, flags: number): string {
  return `00-${traceId}-${spanId}-0${flags & (FLAG_SAMPLED | FLAG_RANDOM)}`
}
