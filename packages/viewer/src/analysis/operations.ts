import type { Operation, OperationsAnswer, Period } from '../contract/figures.ts'
import { ERROR, KINDS, type SpanRow } from '../model/rows.ts'
import type { Query } from '../query/compile-query.ts'
import { quoteValue } from '../query/parse-query.ts'
import { isOutside, isWithin, periodOf, type TimeRange } from '../query/time-range.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { spanType } from '../trace/span-type.ts'
import { factsOf } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { createTally, figuresOf, type Tally, tally } from './statistics.ts'

interface Line extends Tally {
  readonly first: SpanRow
  readonly starts: number[]
  origins: number
  slowest: { trace: string; span: string; nanos: number }
}

// By service, name and kind, so that no key has to be built for each span.
type Lines = Map<string, Map<string, Map<number, Line>>>

const MAX_LINES = 2000
const BUCKETS = 12

/** The figures of every service's operations: API.md, Operations. */
export function operationsOf(store: MemoryStore, query: Query, range: TimeRange): OperationsAnswer {
  const lines: Lines = new Map()
  const found: Line[] = []
  const seen = { first: Number.POSITIVE_INFINITY, last: 0 }
  for (const record of store.traces.values()) {
    if (isOutside(range, record)) continue
    for (const span of record.spans) {
      if (!isWithin(range, span.micros)) continue
      if (!query.isEmpty && !query.span(span, record)) continue
      count(lineOf(span, lines, found), span, record)
      seen.first = Math.min(seen.first, span.micros / 1000)
      seen.last = Math.max(seen.last, span.micros / 1000)
    }
  }
  const period = periodOf(range, seen)
  const operations = found.map((line) => describe(line, period)).sort((a, b) => b.total - a.total)
  return {
    operations: operations.slice(0, MAX_LINES),
    more: Math.max(0, operations.length - MAX_LINES),
    ...period,
  }
}

function lineOf(span: SpanRow, lines: Lines, found: Line[]): Line {
  const byKind = within(within(lines, span.resource.service), span.name)
  const known = byKind.get(span.kind)
  if (known !== undefined) return known
  const slowest = { trace: '', span: '', nanos: -1 }
  const line: Line = { ...createTally(), first: span, starts: [], origins: 0, slowest }
  byKind.set(span.kind, line)
  found.push(line)
  return line
}

function within<Key, Value>(maps: Map<string, Map<Key, Value>>, key: string): Map<Key, Value> {
  const known = maps.get(key)
  if (known !== undefined) return known
  const made = new Map<Key, Value>()
  maps.set(key, made)
  return made
}

function count(line: Line, span: SpanRow, record: TraceRecord): void {
  const isError = span.status === ERROR
  tally(line, span, isError)
  if (isError && factsOf(record).origins.has(span)) line.origins += 1
  line.starts.push(span.micros)
  if (span.duration > line.slowest.nanos)
    line.slowest = { trace: record.id, span: span.id, nanos: span.duration }
}

function describe(line: Line, period: Period): Operation {
  const { first, slowest } = line
  const { service } = first.resource
  const kind = KINDS[first.kind] ?? 'unspecified'
  return {
    service,
    name: first.name,
    kind,
    type: spanType(first),
    count: line.calls,
    origins: line.origins,
    ...figuresOf(line, period.seconds),
    slowest: { trace: slowest.trace, span: slowest.span },
    buckets: bucketsOf(line.starts, period),
    q: `service=${quoteValue(service)} name=${quoteValue(first.name)} kind=${kind}`,
  }
}

function bucketsOf(starts: readonly number[], { from, to }: Period): number[] {
  const buckets = new Array<number>(BUCKETS).fill(0)
  const width = (to - from) / BUCKETS || 1
  for (const start of starts) {
    const index = Math.min(BUCKETS - 1, Math.max(0, Math.floor((start / 1000 - from) / width)))
    buckets[index] = (buckets[index] ?? 0) + 1
  }
  return buckets
}
