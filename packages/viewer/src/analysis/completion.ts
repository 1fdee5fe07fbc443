import { firstAttribute, textOf } from '../model/attributes.ts'
import { ALIASES } from '../model/conventions.ts'
import { KINDS, type SpanRow, STATUSES } from '../model/rows.ts'
import { KEYS } from '../query/keys.ts'
import { LEVELS } from '../query/log-term.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { increment } from './list-traces.ts'

const MAX_SCANNED_SPANS = 20_000
const FIXED: Readonly<Record<string, readonly string[]>> = {
  status: STATUSES,
  kind: KINDS,
  level: LEVELS,
  is: ['error', 'origin', 'root', 'orphan', 'db', 'incomplete'],
  'trace.incomplete': ['true', 'false'],
}

/** Keys that begin with, or contain, a text: built-in ones first, then attributes, most frequent first. */
export function completeKeys(
  store: MemoryStore,
  prefix: string,
  limit: number,
): { key: string; spans?: number }[] {
  const counts = new Map<string, number>()
  for (const span of newestSpans(store)) {
    for (const key of span.shape.keys) increment(counts, key)
    for (const key of span.resource.attributes.shape.keys) increment(counts, key)
  }
  const builtIn = KEYS.filter((key) => key.startsWith(prefix)).map((key) => ({ key }))
  const seen = ranked(counts, prefix).map(([key, spans]) => ({ key, spans }))
  return [...builtIn, ...seen].slice(0, limit)
}

/** Values of a key that contain a text, most frequent first. */
export function completeValues(
  store: MemoryStore,
  key: string,
  prefix: string,
  limit: number,
): { value: string; spans?: number }[] {
  const fixed = Object.hasOwn(FIXED, key) ? FIXED[key] : undefined
  if (fixed !== undefined)
    return fixed.filter((value) => value.startsWith(prefix)).map((value) => ({ value }))
  const counts = new Map<string, number>()
  const read = readerOf(key)
  for (const span of newestSpans(store)) {
    for (const value of read(span))
      if (value !== '' && value.length <= 200) increment(counts, value)
  }
  return ranked(counts, prefix)
    .slice(0, limit)
    .map(([value, spans]) => ({ value, spans }))
}

function readerOf(key: string): (span: SpanRow) => readonly string[] {
  if (key === 'service' || key === 'root.service') return (span) => [span.resource.service]
  if (key === 'name' || key === 'root.name') return (span) => [span.name]
  if (key === 'scope') return (span) => [span.scope.name]
  if (key === 'event') return (span) => [...new Set(span.events.map(({ name }) => name))]
  const keys = ALIASES.get(key) ?? [key]
  return (span) => [
    textOf(firstAttribute(span, keys) ?? firstAttribute(span.resource.attributes, keys)),
  ]
}

/** What begins with the text first, then what contains it. */
function ranked(counts: ReadonlyMap<string, number>, text: string): [string, number][] {
  const lower = text.toLowerCase()
  const rank = (key: string): number => (key.toLowerCase().startsWith(lower) ? 0 : 1)
  return [...counts]
    .filter(([key]) => key.toLowerCase().includes(lower))
    .sort(([a, m], [b, n]) => rank(a) - rank(b) || n - m || (a < b ? -1 : 1))
}

function newestSpans(store: MemoryStore): SpanRow[] {
  const records = [...store.traces.values()].reverse()
  const spans: SpanRow[] = []
  for (const record of records) {
    for (const span of record.spans) spans.push(span)
    if (spans.length >= MAX_SCANNED_SPANS) break
  }
  return spans
}
