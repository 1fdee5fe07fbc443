import { type Attributes, attribute, textOf } from '../model/attributes.ts'
import { ERROR, KINDS, type SpanRow, STATUSES } from '../model/rows.ts'
import { isWithin, type TimeRange } from '../query/time-range.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** What Jaeger's and Zipkin's clients search for; one span must have it all. */
export interface SpanSearch {
  /** Compared without regard to case, since Zipkin writes it in lower case. */
  readonly service: string
  readonly name: string
  readonly tags: readonly (readonly [key: string, value: string | undefined])[]
  /** Nanoseconds. */
  readonly minDuration: number
  readonly maxDuration: number
  readonly range: TimeRange
  readonly limit: number
}

/** The traces that match, newest first. */
export function searchTraces(store: MemoryStore, search: SpanSearch): TraceRecord[] {
  const found: TraceRecord[] = []
  for (const record of store.traces.values())
    if (isWithin(search.range, record.start) && record.spans.some((span) => isMatch(span, search)))
      found.push(record)
  found.sort((a, b) => b.start - a.start)
  return found.slice(0, search.limit)
}

function isMatch(span: SpanRow, search: SpanSearch): boolean {
  const { service, name, minDuration, maxDuration } = search
  if (service !== '' && span.resource.service.toLowerCase() !== service.toLowerCase()) return false
  if (name !== '' && span.name.toLowerCase() !== name.toLowerCase()) return false
  if (span.duration < minDuration || span.duration > maxDuration) return false
  return search.tags.every(([key, value]) => hasTag(span, key, value))
}

function hasTag(span: SpanRow, key: string, value: string | undefined): boolean {
  // Both have the outcome as a tag, where a row has a field.
  if (key === 'error' && isOutcome(span, value)) return true
  const has = (text: string): boolean => value === undefined || text === value
  const holds = (of: Attributes): boolean => {
    const found = attribute(of, key)
    return found !== undefined && has(textOf(found))
  }
  if (holds(span) || holds(span.resource.attributes) || holds(span.scope.attributes)) return true
  if (span.events.some(holds) || (FIELD_TAGS.get(key)?.(span) ?? []).some(has)) return true
  return value === undefined && span.events.some(({ name }) => name === key)
}

function isOutcome({ status, message }: SpanRow, value: string | undefined): boolean {
  if (value === 'false') return status !== ERROR
  return status === ERROR && (value === undefined || value === 'true' || value === message)
}

/** The tags that are written to these clients for what a row has fields for. */
const FIELD_TAGS: ReadonlyMap<string, (span: SpanRow) => readonly string[]> = new Map([
  ['span.kind', ({ kind }: SpanRow) => [KINDS[kind] ?? '']],
  ['otel.status_code', ({ status }: SpanRow) => [(STATUSES[status] ?? '').toUpperCase()]],
  ['otel.status_description', ({ message }: SpanRow) => (message === '' ? [] : [message])],
  ['otel.scope.name', ({ scope }: SpanRow) => (scope.name === '' ? [] : [scope.name])],
  ['event', ({ events }: SpanRow) => events.map(({ name }) => name)],
])

/** The names of all services, sorted. */
export function serviceNames(store: MemoryStore): string[] {
  const names = new Set<string>()
  for (const record of store.traces.values())
    for (const span of record.spans) names.add(span.resource.service)
  return [...names].sort()
}

/** The operations of a service, or of all when it is '', sorted by name. */
export function operationNames(
  store: MemoryStore,
  service: string,
): { name: string; kind: number }[] {
  const found = new Map<string, { name: string; kind: number }>()
  const wanted = service.toLowerCase()
  for (const record of store.traces.values())
    for (const { name, kind, resource } of record.spans)
      if (wanted === '' || resource.service.toLowerCase() === wanted)
        found.set(`${kind} ${name}`, { name, kind })
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** A call from one service to another, counted. */
export interface DependencyLink {
  readonly parent: string
  readonly child: string
  callCount: number
  errorCount: number
}

/** The calls between services in a range. */
export function dependencyLinks(store: MemoryStore, range: TimeRange): DependencyLink[] {
  const links = new Map<string, DependencyLink>()
  for (const record of store.traces.values()) {
    if (!isWithin(range, record.start)) continue
    const byId = new Map(record.spans.map((span) => [span.id, span]))
    for (const span of record.spans) {
      const parent = byId.get(span.parent)?.resource.service
      const child = span.resource.service
      if (parent === undefined || parent === child) continue
      const key = `${parent}\n${child}`
      const link = links.get(key) ?? { parent, child, callCount: 0, errorCount: 0 }
      link.callCount += 1
      if (span.status === ERROR) link.errorCount += 1
      links.set(key, link)
    }
  }
  return [...links.values()]
}
