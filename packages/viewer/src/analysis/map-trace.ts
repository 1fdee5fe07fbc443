import { ERROR, type SpanRow } from '../model/rows.ts'
import { quoteValue } from '../query/parse-query.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { messageStep } from '../trace/message.ts'
import { delaysOf, sendersOf } from '../trace/queue-delay.ts'
import { partyOf, saidByChild } from '../trace/remote-call.ts'
import { createParties, type Parties, type RemoteParty } from '../trace/remote-party.ts'
import { factsOf } from '../trace/trace-facts.ts'
import { spanOf, type TraceRecord } from '../trace/trace-record.ts'
import { createMapDraft, type DraftNode, type MapDraft, partyQuery } from './map-draft.ts'
import { parentPlaces } from './parents.ts'
import { tally } from './statistics.ts'

const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5]

/** Draws a map of traces, one after the other. */
export interface TraceMapper {
  add(record: TraceRecord): void
  /** The map as JSON; API.md, Map. */
  finish: MapDraft['finish']
}

interface Drawing {
  readonly draft: MapDraft
  readonly parties: Parties
  readonly store: MemoryStore
}

/** Begins a map. */
export function createTraceMapper(store: MemoryStore): TraceMapper {
  const drawing = { draft: createMapDraft(), parties: createParties(), store }
  return { add: (record) => addTrace(record, drawing), finish: drawing.draft.finish }
}

function addTrace(record: TraceRecord, drawing: Drawing): void {
  const { spans } = record
  for (const { resource } of factsOf(record).origins) drawing.draft.service(resource).origins += 1
  const parents = parentPlaces(spans)
  const children = childrenBits(spans, parents)
  for (let index = 0; index < spans.length; index++) {
    const span = spans[index]
    if (span === undefined) continue
    addIncoming(span, spans[parents[index] ?? -1], record, drawing)
    const party = partyOf(span, children[index] ?? 0, drawing.parties)
    if (party !== undefined) addOutgoing(span, party, record, drawing)
    if (span.links.length > 0) addLinks(span, record, drawing)
  }
}

function childrenBits(spans: readonly SpanRow[], parents: Int32Array): Uint8Array {
  const bits = new Uint8Array(spans.length)
  for (let index = 0; index < spans.length; index++) {
    const place = parents[index] ?? -1
    const [child, parent] = [spans[index], spans[place]]
    if (child === undefined || parent === undefined) continue
    bits[place] = (bits[place] ?? 0) | saidByChild(child, parent)
  }
  return bits
}

/** A span that enters its service: counts for the service, and for the edge from the caller's. */
function addIncoming(
  span: SpanRow,
  parent: SpanRow | undefined,
  record: TraceRecord,
  drawing: Drawing,
): void {
  const { draft, parties } = drawing
  const { service } = span.resource
  const isError = span.status === ERROR
  const isHandover = parent !== undefined && parent.kind === CLIENT && span.kind === SERVER
  const entersService = parent === undefined || parent.resource.service !== service || isHandover
  const to = draft.service(span.resource)
  if (entersService || span.kind === SERVER || span.kind === CONSUMER)
    tally(to.calls, span, isError)
  const step = messageStep(span)
  const isHandled = step === 'process' || step === 'receive'
  const queue = isHandled ? parties.destination(span) : undefined
  if (queue !== undefined) {
    addHandled(span, { queue, to, isReceive: step === 'receive' }, record, drawing)
  } else if (parent !== undefined && entersService) {
    const from = draft.service(parent.resource)
    const edge = draft.edge(from, to, () => serviceQuery(service), record.id)
    // The caller's view has the network in it; a producer does not wait for the consumer.
    const seen = parent.kind === CLIENT ? parent : span
    edge.async ||= parent.kind === PRODUCER || span.kind === CONSUMER
    tally(edge.calls, seen, seen.status === ERROR || isError)
  }
}

interface Handled {
  readonly queue: RemoteParty
  readonly to: DraftNode
  /** To fetch a message counts where nothing else says that it was handled. */
  readonly isReceive: boolean
}

/** A span that handles messages: from the queue to its service, and from another queue that they were sent to. */
function addHandled(
  span: SpanRow,
  { queue, to, isReceive }: Handled,
  record: TraceRecord,
  drawing: Drawing,
): void {
  const { draft, parties } = drawing
  const isError = span.status === ERROR
  const from = draft.remote(queue)
  const q = (): string => `${serviceQuery(span.resource.service)} ${partyQuery(queue)}`
  const edge = draft.edge(from, to, q, record.id)
  edge.async = true
  if (isReceive) {
    tally(edge.fetched, span, isError)
    return
  }
  tally(edge.calls, span, isError)
  tally(from.processed, span, isError)
  const senders = sendersOf(span, record, drawing.store)
  for (const delay of delaysOf(span, senders)) {
    edge.delays.push(delay)
    from.delays.push(delay)
  }
  // An exchange or a topic passes its messages on to queues of other names.
  for (const sender of senders) {
    const sentTo = parties.destination(sender)
    if (sentTo === undefined || sentTo.id === queue.id) continue
    const way = draft.edge(draft.remote(sentTo), from, () => partyQuery(queue), record.id)
    way.async = true
    tally(way.calls, span, isError)
  }
}

/** A span that leaves for something that sends no spans: a database, a broker, another host. */
function addOutgoing(
  span: SpanRow,
  party: RemoteParty,
  record: TraceRecord,
  { draft }: Drawing,
): void {
  const isError = span.status === ERROR
  const to = draft.remote(party)
  tally(to.calls, span, isError)
  const q = (): string => `${serviceQuery(span.resource.service)} ${partyQuery(party)}`
  const edge = draft.edge(draft.service(span.resource), to, q, record.id)
  edge.async ||= party.type === 'messaging'
  tally(edge.calls, span, isError)
}

function addLinks(span: SpanRow, record: TraceRecord, { draft, parties, store }: Drawing): void {
  if (parties.destination(span) !== undefined) return
  for (const link of span.links) {
    const other = store.traces.get(link.trace)
    const from = other && spanOf(other, link.span)
    if (from === undefined || from.resource.service === span.resource.service) continue
    const q = (): string => serviceQuery(span.resource.service)
    const ends = [draft.service(from.resource), draft.service(span.resource)] as const
    const edge = draft.edge(...ends, q, record.id)
    edge.async = true
    tally(edge.calls, span, span.status === ERROR)
  }
}

function serviceQuery(service: string): string {
  return `service=${quoteValue(service)}`
}
