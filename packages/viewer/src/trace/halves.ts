import { attribute } from '../model/attributes.ts'
import type { SpanRow } from '../model/rows.ts'

const [CLIENT, PRODUCER] = [3, 4]

/**
 * Spans that were sent with one id: a call's client and server, a message's producer and consumers. The
 * caller's keeps the id; the others get ids of their own, and stand below it.
 */
export interface Halves {
  /** The places of the spans that have got other ids, by the id they were sent with. */
  readonly others: Map<string, number[]>
  /** The places of the spans that name an id as their parent. */
  readonly below: Map<string, number[]>
}

/** Begins with the spans of a trace that are there already. */
export function createHalves(spans: readonly SpanRow[]): Halves {
  const halves: Halves = { others: new Map(), below: new Map() }
  for (const [place, span] of spans.entries()) noteHalf(halves, span, place)
  return halves
}

/** Notes a span at its place. */
export function noteHalf({ others, below }: Halves, span: SpanRow, place: number): void {
  if (span.half !== '') push(others, span.half, place)
  else if (span.parent !== '') push(below, span.parent, place)
}

/** True for the side of a call that begins it. */
export function isCaller({ kind }: SpanRow): boolean {
  return kind === CLIENT || kind === PRODUCER
}

/**
 * True when both may be one span, sent twice or in pieces: what both of them say of their kind, their
 * service and its address is the same (zipkin2.internal.Trace, tryMerge).
 */
export function isOneSpan(kept: SpanRow, span: SpanRow): boolean {
  if (kept.kind > 1 && span.kind > 1 && kept.kind !== span.kind) return false
  const [one, other] = [kept.resource.service, span.resource.service]
  if (isNamed(one) && isNamed(other) && one.toLowerCase() !== other.toLowerCase()) return false
  const [from, to] = [addressOf(kept), addressOf(span)]
  return from === undefined || to === undefined || from === to
}

/** True when both say the same of what was done and when: one span that was sent on by two ways. */
export function isCopy(kept: SpanRow, span: SpanRow): boolean {
  return (
    kept.kind === span.kind &&
    kept.name === span.name &&
    kept.micros === span.micros &&
    kept.nanos === span.nanos &&
    kept.duration === span.duration
  )
}

/** True for a span that the owner of this half made, so that it belongs below it. */
export function belongsBelow(span: SpanRow, half: SpanRow): boolean {
  return span.resource.service === half.resource.service && span.id !== half.id && span.half === ''
}

function isNamed(service: string): boolean {
  return service !== 'unknown_service'
}

function addressOf(span: SpanRow): unknown {
  return attribute(span, 'network.local.address')
}

function push(map: Map<string, number[]>, key: string, place: number): void {
  const places = map.get(key)
  if (places === undefined) map.set(key, [place])
  else places.push(place)
}
