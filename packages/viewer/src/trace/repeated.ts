import type { SpanRow } from '../model/rows.ts'

/** From this many of the same statement, one after the other under one parent, it is N+1. */
export const REPEATED_FROM = 11

const normalised = new Map<string, string>()
const MAX_CACHED = 5000
const MAX_READ_LENGTH = 20_000
const MAX_CACHED_LENGTH = 2000

/** A statement with its values struck out and its spacing evened, so that equal ones are the same text. */
export function normaliseStatement(statement: string): string {
  const known = normalised.get(statement)
  if (known !== undefined) return known
  const text = statement
    .slice(0, MAX_READ_LENGTH)
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/\$\d+|(?<!:):\w+\b|@p?\d+/g, '?')
    .replace(/\b\d+(?:\.\d+)?\b/g, '?')
    .replace(/\s+/g, ' ')
    .replace(/\(\s*\?(?:\s*,\s*\?)+\s*\)/g, '(?)')
    .trim()
    .toLowerCase()
  if (normalised.size >= MAX_CACHED) normalised.clear()
  // Long ones would keep too much memory after their spans are gone.
  if (statement.length <= MAX_CACHED_LENGTH) normalised.set(statement, text)
  return text
}

/** Many clocks tell a span's begin in whole milliseconds, though its duration in microseconds. */
const COARSE_MICROS = 1000

/**
 * Finds the longest run of siblings that do not overlap, in order of their start. What starts at a whole
 * millisecond may have started up to one later than it says, after the end of what seems to overlap it.
 */
export function oneAfterTheOther(spans: readonly SpanRow[]): SpanRow[] {
  const inTurn = [...spans].sort(
    (a, b) => turnOf(a) - turnOf(b) || startOf(a) - startOf(b) || a.duration - b.duration,
  )
  const run: SpanRow[] = []
  let until = Number.NEGATIVE_INFINITY
  for (const span of inTurn) {
    const start = startOf(span)
    const latest = isCoarse(span) ? start + COARSE_MICROS : start
    if (latest < until) continue
    run.push(span)
    // Not the end that it says: if that were later, too many that overlap would count as a run.
    until = Math.max(until, start) + span.duration / 1000
  }
  return run
}

/** By its end; by the millisecond of it where the begin tells no more. */
function turnOf(span: SpanRow): number {
  const end = startOf(span) + span.duration / 1000
  return isCoarse(span) ? Math.floor(end / COARSE_MICROS) * COARSE_MICROS : end
}

function isCoarse(span: SpanRow): boolean {
  return span.nanos === 0 && span.micros % COARSE_MICROS === 0
}

function startOf(span: SpanRow): number {
  return span.micros + span.nanos / 1000
}
