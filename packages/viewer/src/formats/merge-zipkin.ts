import type { AttributeCollector } from '../model/attribute-budget.ts'
import type { AttributeValue } from '../model/attribute-value.ts'
import { attribute, textOf } from '../model/attributes.ts'
import {
  type EventRow,
  type LinkRow,
  type MergeRows,
  type Resource,
  type Scope,
  type SpanRow,
  Unknown,
} from '../model/rows.ts'
import { sizeOfText, sizeOfValues } from '../model/size-of.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import { bytesOfRow, EVENT_BYTES, LINK_BYTES, NO_NAME } from '../otlp/span-draft.ts'

/** The service of a resource without a name. */
const UNNAMED = 'unknown_service'

/**
 * Puts the pieces of one span together as Zipkin does (zipkin2.Span.Builder.merge): what one does not
 * say is taken from the other, and tags and annotations of both are kept.
 */
export function mergeZipkin(context: DecodeContext): MergeRows {
  return (kept, piece) => (saysNothingNew(kept, piece) ? kept : merged(kept, piece, context))
}

function merged(kept: SpanRow, piece: SpanRow, context: DecodeContext): SpanRow {
  const { budget } = context
  budget.reset()
  const attributes = budget.collect()
  addAll(kept, piece, attributes)
  const { shape, values } = attributes
  const fits = (bytes: number, part: EventRow | LinkRow): boolean =>
    budget.take(bytes + sizeOfValues(part.values))
  const events = joined(kept.events, piece.events, sameEvent).filter((event) =>
    fits(EVENT_BYTES + sizeOfText(event.name), event),
  )
  const links = joined(kept.links, piece.links, sameLink).filter((link) => fits(LINK_BYTES, link))
  const row = {
    ...kept,
    ...timeOf(kept, piece),
    parent: kept.parent || piece.parent,
    name: kept.name === NO_NAME ? piece.name : kept.name,
    kind: kept.kind > 1 ? kept.kind : piece.kind,
    status: Math.max(kept.status, piece.status),
    message: kept.message || piece.message,
    state: kept.state || piece.state,
    resource: namedOf(kept.resource, piece.resource),
    scope: scopeOf(kept.scope, piece.scope),
    dropped: kept.dropped ?? piece.dropped,
    events: events.sort((a, b) => a.micros - b.micros || a.nanos - b.nanos),
    clipped: kept.clipped || piece.clipped || budget.clipped,
    ...{ shape, values, links },
  }
  return { ...row, bytes: bytesOfRow(budget.used, row) }
}

function saysNothingNew(kept: SpanRow, piece: SpanRow): boolean {
  const { shape, values } = piece
  return (
    (piece.name === NO_NAME || kept.name !== NO_NAME) &&
    (piece.kind <= 1 || kept.kind > 1) &&
    (piece.parent === '' || kept.parent !== '') &&
    piece.status <= kept.status &&
    (piece.message === '' || kept.message !== '') &&
    namedOf(kept.resource, piece.resource) === kept.resource &&
    scopeOf(kept.scope, piece.scope) === kept.scope &&
    isSameTime(kept, timeOf(kept, piece)) &&
    // A full span accepts no more.
    (kept.clipped ||
      (shape.keys.every((key, at) => isSameText(attribute(kept, key), values[at])) &&
        piece.events.every((event) => kept.events.some((each) => sameEvent(each, event))) &&
        piece.links.every((link) => kept.links.some((each) => sameLink(each, link)))))
  )
}

type Time = Pick<SpanRow, 'micros' | 'nanos' | 'duration' | 'unknown'>

/** The earlier begin and the longer duration of those that are known: the same in whatever order they come. */
function timeOf(kept: SpanRow, piece: SpanRow): Time {
  const { micros, nanos, unknown } = isBeginOf(piece, kept) ? piece : kept
  const rest = unknown & ~Unknown.duration
  const [one, other] = [durationOf(kept), durationOf(piece)]
  if (one < 0 && other < 0)
    return {
      micros,
      nanos,
      duration: Math.max(kept.duration, piece.duration),
      unknown: rest | Unknown.duration,
    }
  return { micros, nanos, duration: other - one < 1000 && one >= 0 ? one : other, unknown: rest }
}

function isBeginOf(piece: SpanRow, kept: SpanRow): boolean {
  const rank = ({ unknown }: SpanRow): number => unknown & (Unknown.begin | Unknown.place)
  if (rank(piece) !== rank(kept)) return rank(piece) < rank(kept)
  if ((piece.unknown & Unknown.place) !== 0) return false
  return piece.micros < kept.micros
}

function durationOf({ unknown, duration }: SpanRow): number {
  return (unknown & Unknown.duration) === 0 ? duration : -1
}

function isSameTime(one: Time, other: Time): boolean {
  return (
    one.micros === other.micros &&
    one.nanos === other.nanos &&
    one.duration === other.duration &&
    one.unknown === other.unknown
  )
}

function namedOf(kept: Resource, piece: Resource): Resource {
  const isBetter = kept.service === UNNAMED && piece.service !== UNNAMED
  return isBetter ? piece : kept
}

function scopeOf(kept: Scope, piece: Scope): Scope {
  return kept.name === '' && piece.name !== '' ? piece : kept
}

/** What both say is taken from the piece that came last, as Zipkin takes it. */
function addAll(kept: SpanRow, piece: SpanRow, into: AttributeCollector): void {
  for (const [at, key] of kept.shape.keys.entries()) {
    const [own = null, other] = [kept.values[at], attribute(piece, key)]
    into.add(key, other === undefined || isSameText(own, other) ? own : other)
  }
  for (const [at, key] of piece.shape.keys.entries())
    if (!kept.shape.positions.has(key)) into.add(key, piece.values[at] ?? null)
}

/** Zipkin writes numbers as texts: a span that came in another format before says them better. */
function isSameText(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return (
    one === other || (one !== undefined && other !== undefined && textOf(one) === textOf(other))
  )
}

function joined<Item>(
  kept: readonly Item[],
  more: readonly Item[],
  isSame: (a: Item, b: Item) => boolean,
): Item[] {
  return [...kept, ...more.filter((item) => !kept.some((each) => isSame(each, item)))]
}

function sameEvent(a: EventRow, b: EventRow): boolean {
  return a.micros === b.micros && a.nanos === b.nanos && a.name === b.name
}

function sameLink(a: LinkRow, b: LinkRow): boolean {
  return a.trace === b.trace && a.span === b.span
}
