import type { SortKey } from '../contract/local-api.ts'
import type { ApartAnswer, Facet, Facets } from '../contract/trace-list.ts'
import { compileQuery, type Query } from '../query/compile-query.ts'
import { isWithin, type TimeRange } from '../query/time-range.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { factsOf, isIncomplete } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { percentile } from './statistics.ts'
import { durationOf } from './trace-summary.ts'

/** What a list is asked for. */
export interface ListRequest {
  readonly query: Query
  readonly range: TimeRange
  readonly sort: SortKey
  readonly ascending: boolean
  readonly limit: number
  /** The `next` of the page before; '' for the first. */
  readonly cursor: string
}

/** A page of a list, and what is known of all that match. */
export interface TracePage {
  readonly page: readonly TraceRecord[]
  readonly all: readonly TraceRecord[]
  readonly next: string | null
}

const KEYS: Readonly<Record<SortKey, (record: TraceRecord) => number>> = {
  start: (record) => record.start,
  duration: (record) => record.duration,
  spans: (record) => record.spans.length,
  errors: (record) => factsOf(record).errors,
}

/** The traces that match and began in the range. */
export function matchingTraces(store: MemoryStore, query: Query, range: TimeRange): TraceRecord[] {
  const found: TraceRecord[] = []
  for (const record of store.traces.values())
    if (isWithin(range, record.start) && query.trace(record)) found.push(record)
  return found
}

/** What the query finds when different spans of a trace may satisfy its terms; undefined for nothing. */
export function matchingApart(
  store: MemoryStore,
  { apart }: Query,
  range: TimeRange,
): ApartAnswer | undefined {
  if (apart === undefined) return undefined
  const matched = matchingTraces(store, compileQuery(apart), range).length
  return matched > 0 ? { q: apart, matched } : undefined
}

/** One page of the traces that match, in the order asked for. */
export function listTraces(store: MemoryStore, request: ListRequest): TracePage {
  const all = matchingTraces(store, request.query, request.range)
  const key = KEYS[request.sort]
  const sign = request.ascending ? 1 : -1
  const compare = (a: Place, b: Place): number =>
    sign * (a.key - b.key) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
  const after = readCursor(request.cursor)
  const places = all.map((record) => ({ key: key(record), id: record.id, record }))
  const left = after === undefined ? places : places.filter((place) => compare(place, after) > 0)
  left.sort(compare)
  const page = left.slice(0, request.limit)
  const last = page.at(-1)
  const next = last !== undefined && left.length > page.length ? `${last.key}_${last.id}` : null
  return { page: page.map(({ record }) => record), all, next }
}

interface Place {
  readonly key: number
  readonly id: string
}

/** The form of a cursor of this list. */
export const TRACE_CURSOR: RegExp = /^(\d{1,24}(?:\.\d{1,24})?)_([\da-f]{32})$/

function readCursor(cursor: string): Place | undefined {
  const match = TRACE_CURSOR.exec(cursor)
  return match ? { key: Number(match[1]), id: match[2] ?? '' } : undefined
}

/** Counts over all matching traces: API.md, Traces. */
export function facetsOf(all: readonly TraceRecord[]): Facets {
  const tenants = new Map<string, number>()
  const users = new Map<string, number>()
  const services = new Map<string, number>()
  let errors = 0
  let incomplete = 0
  for (const record of all) {
    const facts = factsOf(record)
    if (facts.errors > 0) errors += 1
    if (isIncomplete(record)) incomplete += 1
    for (const each of facts.tenants) increment(tenants, each)
    for (const each of facts.users) increment(users, each)
    for (const each of facts.services) increment(services, each.name)
  }
  const durations = Float64Array.from(all, durationOf).sort()
  const p95 = percentile(durations, 0.95)
  return {
    errors,
    incomplete,
    p95,
    slow: durations.filter((duration) => duration > p95).length,
    tenants: mostFrequent(tenants),
    users: mostFrequent(users),
    services: mostFrequent(services),
  }
}

/** Counts one more. */
export function increment(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

function mostFrequent(counts: ReadonlyMap<string, number>): Facet[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, 20)
}
