import type { SpanRow } from '../model/rows.ts'

/** More than so many of the same statement, one after the other under one parent, are N+1. */
export const REPEATED_FROM = 11

const normalised = new Map<string, string>()
const MAX_NORMALISED = 5000
const MAX_LENGTH = 20_000
const MAX_REMEMBERED = 2000

/** A statement with its values struck out and its spacing evened, so that equal ones are the same text. */
export function normaliseStatement(statement: string): string {
  const known = normalised.get(statement)
  if (known !== undefined) return known
  const text = statement
    .slice(0, MAX_LENGTH)
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/\$\d+|:\w+\b|@p?\d+/g, '?')
    .replace(/\b\d+(?:\.\d+)?\b/g, '?')
    .replace(/\s+/g, ' ')
    .replace(/\(\s*\?(?:\s*,\s*\?)+\s*\)/g, '(?)')
    .trim()
    .toLowerCase()
  if (normalised.size >= MAX_NORMALISED) normalised.clear()
  // Long ones would outlive their spans for too much.
  if (statement.length <= MAX_REMEMBERED) normalised.set(statement, text)
  return text
}

/** Leaves of siblings the longest run that does not overlap, in order of begin. */
export function oneAfterTheOther(spans: readonly SpanRow[]): SpanRow[] {
  const byEnd = [...spans].sort((a, b) => endOf(a) - endOf(b))
  const run: SpanRow[] = []
  let until = Number.NEGATIVE_INFINITY
  for (const span of byEnd) {
    if (startOf(span) < until) continue
    run.push(span)
    until = endOf(span)
  }
  return run
}

function startOf(span: SpanRow): number {
  return span.micros + span.nanos / 1000
}

function endOf(span: SpanRow): number {
  return span.micros + (span.nanos + span.duration) / 1000
}
