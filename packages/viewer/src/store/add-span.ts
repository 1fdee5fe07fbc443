import type { MergeRows, SpanRow } from '../model/rows.ts'
import { sharedId } from '../model/shared-id.ts'
import {
  belongsBelow,
  createHalves,
  type Halves,
  isCaller,
  isCopy,
  isOneSpan,
  noteHalf,
} from '../trace/halves.ts'
import { appendSpan, placeOf, replaceSpan, type TraceRecord } from '../trace/trace-record.ts'

/** So many spans of different services may have one id: a message has no more consumers. */
const MAX_SHARING = 200

/** What is kept of a span now, and what was kept of it before. */
export interface Kept {
  readonly as: 'kept'
  readonly span: SpanRow
  readonly before: SpanRow | undefined
}

/** What has become of a span. */
export type Added = Kept | { readonly as: 'known' | 'beyond' }

/** Adds a span to a trace of at most `most` spans, or to the piece of it that is there already. */
export function addSpan(
  record: TraceRecord,
  span: SpanRow,
  merge: MergeRows | undefined,
  most: number,
): Added {
  const place = findSame(record, span, merge)
  if (place !== undefined) return mergeInto(record, place, span, merge)
  if (record.spans.length >= most || isCrowded(record, span)) {
    record.unkept += 1
    return { as: 'beyond' }
  }
  return { as: 'kept', span: addNew(record, span), before: undefined }
}

function mergeInto(
  record: TraceRecord,
  place: number,
  piece: SpanRow,
  merge: MergeRows | undefined,
): Added {
  const before = record.spans[place]
  const span = before && merge?.(before, piece)
  if (before === undefined || span === undefined || span === before) return { as: 'known' }
  putMerged(record, place, span)
  return { as: 'kept', span, before }
}

/** True when too many spans were sent with the id of this one. */
function isCrowded({ halves }: TraceRecord, { id }: SpanRow): boolean {
  return (halves?.others.get(id)?.length ?? 0) >= MAX_SHARING
}

/** Finds the span of the trace that this one is, or is a piece of; undefined when it is a new one. */
function findSame(record: TraceRecord, span: SpanRow, merge?: MergeRows): number | undefined {
  const isSame = (place: number): boolean => {
    const kept = record.spans[place]
    if (kept === undefined) return false
    return isOneSpan(kept, span) || (merge === undefined && isCopy(kept, span))
  }
  const owner = placeOf(record, span.id)
  const others = record.halves?.others.get(span.id) ?? []
  const kept = owner === undefined ? undefined : record.spans[owner]
  // A half that says that it shares the id did not create it.
  const isOther = span.half !== '' && kept !== undefined && isCaller(kept)
  if (owner !== undefined && !isOther && isSame(owner)) return owner
  return others.find(isSame)
}

/** Adds a span of which the trace has no other piece, and gives it an id of its own where its own is taken. */
function addNew(record: TraceRecord, span: SpanRow): SpanRow {
  const owner = placeOf(record, span.id)
  if (record.halves === undefined && owner === undefined && span.half === '')
    return appendSpan(record, span)
  const halves = halvesOf(record)
  if (span.half !== '') return addOther(record, halves, span, span.id)
  if (owner === undefined) return addOwner(record, halves, span)
  const kept = record.spans[owner]
  if (kept === undefined || !isCaller(span) || isCaller(kept))
    return addOther(record, halves, span, kept && isCaller(kept) ? span.id : span.parent)
  // The server's half arrived first, and has had the id until now.
  replaceSpan(record, owner, { ...kept, ...otherIdOf(record, kept), parent: span.id })
  noteHalf(halves, { ...kept, half: span.id }, owner)
  return addOwner(record, halves, span)
}

/** Puts the merged span in the place of the one that was kept, and below its server's half when it has turned out to be of it. */
function putMerged(record: TraceRecord, place: number, span: SpanRow): void {
  replaceSpan(record, place, span)
  const { halves } = record
  if (halves === undefined) return
  if (span.half !== '') moveBelow(record, halves, span)
  else replaceSpan(record, place, belowItsHalf(record, halves, span))
}

function halvesOf(record: TraceRecord): Halves {
  record.halves ??= createHalves(record.spans)
  return record.halves
}

/** The span that has the id: those that were sent with it stand below, if it has called them. */
function addOwner(record: TraceRecord, halves: Halves, span: SpanRow): SpanRow {
  const placed = belowItsHalf(record, halves, span)
  noteHalf(halves, placed, record.spans.length)
  appendSpan(record, placed)
  for (const place of halves.others.get(span.id) ?? []) {
    const other = record.spans[place]
    if (other === undefined) continue
    if (isCaller(span) && !isCaller(other))
      replaceSpan(record, place, { ...other, parent: span.id })
    moveBelow(record, halves, other)
  }
  return placed
}

function addOther(record: TraceRecord, halves: Halves, given: SpanRow, parent: string): SpanRow {
  const span = { ...given, ...otherIdOf(record, given), parent }
  noteHalf(halves, span, record.spans.length)
  appendSpan(record, span)
  moveBelow(record, halves, span)
  return span
}

function otherIdOf(record: TraceRecord, { id }: SpanRow): Pick<SpanRow, 'id' | 'half'> {
  let number = 0
  while (placeOf(record, sharedId(id, number)) !== undefined) number += 1
  return { id: sharedId(id, number), half: id }
}

/** Moves what the owner of a half has done in the call below that half. */
function moveBelow(record: TraceRecord, halves: Halves, half: SpanRow): void {
  for (const place of halves.below.get(half.half) ?? []) {
    const span = record.spans[place]
    if (span?.parent === half.half && belongsBelow(span, half))
      replaceSpan(record, place, { ...span, parent: half.id })
  }
}

function belowItsHalf(record: TraceRecord, { others }: Halves, span: SpanRow): SpanRow {
  for (const place of others.get(span.parent) ?? []) {
    const half = record.spans[place]
    if (half !== undefined && belongsBelow(span, half)) return { ...span, parent: half.id }
  }
  return span
}
