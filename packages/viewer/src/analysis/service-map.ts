import { ERROR, type SpanRow } from '../model/rows.ts'
import type { Query } from '../query/compile-query.ts'
import { quoteValue } from '../query/parse-query.ts'
import { spanOf, type TraceRecord } from '../store/trace-record.ts'
import type { TraceStore } from '../store/trace-store.ts'
import { createMapDraft, type MapDraft } from './map-draft.ts'
import { databaseOf, destinationOf, hostOf } from './remote-party.ts'
import { childrenOf } from './self-time.ts'
import { spanType } from './span-type.ts'
import { isWithin, periodOf, type TimeRange } from './time-range.ts'

const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5]

/** Who calls whom in the traces that match: API.md, Map. */
export function serviceMap(
  store: TraceStore,
  query: Query,
  range: TimeRange,
): Record<string, unknown> {
  const draft = createMapDraft()
  const seen = { first: Number.POSITIVE_INFINITY, last: 0 }
  let traces = 0
  for (const record of store.traces.values()) {
    if (!isWithin(range, record.start) || !query.trace(record)) continue
    traces += 1
    seen.first = Math.min(seen.first, record.start / 1000)
    seen.last = Math.max(seen.last, record.end / 1000)
    addTrace(record, store, draft)
  }
  const period = periodOf(range, seen)
  return { ...draft.finish(period.seconds), ...period, traces }
}

/** The map of one trace. */
export function mapOfTrace(record: TraceRecord, store: TraceStore): Record<string, unknown> {
  const draft = createMapDraft()
  addTrace(record, store, draft)
  const seen = { first: record.start / 1000, last: record.end / 1000 }
  const period = periodOf({ from: undefined, to: undefined }, seen)
  return { ...draft.finish(period.seconds), ...period, traces: 1 }
}

function addTrace(record: TraceRecord, store: TraceStore, draft: MapDraft): void {
  for (const span of record.spans) {
    const parent = span.parent === '' ? undefined : spanOf(record, span.parent)
    addIncoming(span, parent, record, draft)
    addOutgoing(span, record, draft)
    if (span.links.length > 0) addLinks(span, record, store, draft)
  }
}

/** A span that enters its service: counts for the service, and for the edge from the caller's. */
function addIncoming(
  span: SpanRow,
  parent: SpanRow | undefined,
  record: TraceRecord,
  draft: MapDraft,
): void {
  const { service } = span.resource
  const isError = span.status === ERROR
  const isHandover = parent !== undefined && parent.kind === CLIENT && span.kind === SERVER
  const entersService = parent === undefined || parent.resource.service !== service || isHandover
  const to = draft.service(service)
  if (entersService || span.kind === SERVER || span.kind === CONSUMER)
    to.count(span.duration, isError)
  const queue = span.kind === CONSUMER ? destinationOf(span) : undefined
  if (queue !== undefined) {
    const from = draft.remote(queue)
    const edge = draft.edge(from, to, () => `${serviceQuery(service)} ${queue.q()}`, record.id)
    edge.async = true
    edge.count(span.duration, isError)
  } else if (parent !== undefined && entersService) {
    const from = draft.service(parent.resource.service)
    const edge = draft.edge(from, to, () => serviceQuery(service), record.id)
    // The caller's view has the network in it; a producer does not wait for the consumer.
    const seen = parent.kind === CLIENT ? parent : span
    edge.async ||= parent.kind === PRODUCER || span.kind === CONSUMER
    edge.count(seen.duration, seen.status === ERROR || isError)
  }
}

/** A span that leaves for something that sends no spans: a database, a broker, another host. */
function addOutgoing(span: SpanRow, record: TraceRecord, draft: MapDraft): void {
  const party = partyOf(span, record)
  if (party === undefined) return
  const isError = span.status === ERROR
  const { service } = span.resource
  const to = draft.remote(party)
  to.count(span.duration, isError)
  const q = (): string => `${serviceQuery(service)} ${party.q()}`
  const edge = draft.edge(draft.service(service), to, q, record.id)
  edge.async ||= span.kind === PRODUCER
  edge.count(span.duration, isError)
}

function partyOf(span: SpanRow, record: TraceRecord): ReturnType<typeof hostOf> {
  const type = spanType(span)
  if (span.kind === PRODUCER) return destinationOf(span)
  if (type !== 'db' && span.kind !== CLIENT) return undefined
  const children = childrenOf(record).get(span.id) ?? []
  if (type === 'db')
    // Of a library's span around the driver's, the inner one counts.
    return children.some((child) => spanType(child) === 'db') ? undefined : databaseOf(span)
  const isAnswered = children.some(
    (child) => child.kind === SERVER || child.resource.service !== span.resource.service,
  )
  const isWrapped = children.some((child) => child.kind === CLIENT)
  return isAnswered || isWrapped ? undefined : hostOf(span)
}

function addLinks(span: SpanRow, record: TraceRecord, store: TraceStore, draft: MapDraft): void {
  if (destinationOf(span) !== undefined) return
  for (const link of span.links) {
    const other = store.traces.get(link.trace)
    const from = other && spanOf(other, link.span)
    if (from === undefined || from.resource.service === span.resource.service) continue
    const { service } = span.resource
    const q = (): string => serviceQuery(service)
    const ends = [draft.service(from.resource.service), draft.service(service)] as const
    const edge = draft.edge(...ends, q, record.id)
    edge.async = true
    edge.count(span.duration, span.status === ERROR)
  }
}

function serviceQuery(service: string): string {
  return `service=${quoteValue(service)}`
}
