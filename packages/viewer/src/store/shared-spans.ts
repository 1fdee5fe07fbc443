import type { SpanRow } from '../model/rows.ts'
import { isServerHalf } from '../model/shared-id.ts'

/**
 * Where a client and a server share the id of a span, what the server does below it names that id as
 * its parent. It is put below the server's half, whichever of them comes first.
 */
export interface SharedSpans {
  /** The server's halves, by the id that is shared. */
  readonly halves: Map<string, SpanRow>
  /** The places in the list of the spans below each id. */
  readonly below: Map<string, number[]>
}

/** Begins with the spans of a trace that are there already. */
export function createSharedSpans(spans: readonly SpanRow[]): SharedSpans {
  const shared: SharedSpans = { halves: new Map(), below: new Map() }
  for (const [place, span] of spans.entries()) note(shared, span, place)
  return shared
}

/**
 * A span that comes to the end of the list, as it is to be put there.
 *
 * @returns the span, and the places of those in the list that are to be put below it
 */
export function placeShared(
  shared: SharedSpans,
  span: SpanRow,
  place: number,
): { readonly span: SpanRow; readonly below: readonly number[] } {
  if (isServerHalf(span)) {
    shared.halves.set(span.parent, span)
    return { span, below: shared.below.get(span.parent) ?? [] }
  }
  const half = shared.halves.get(span.parent)
  if (half === undefined) note(shared, span, place)
  return { span: half === undefined ? span : belowHalf(span, half), below: [] }
}

/** The span below the server's half of its parent, when it is of that server. */
export function belowHalf(span: SpanRow, half: SpanRow): SpanRow {
  const isOfServer = span.resource.service === half.resource.service
  return isOfServer && span.id !== half.id ? { ...span, parent: half.id } : span
}

function note(shared: SharedSpans, span: SpanRow, place: number): void {
  if (span.parent === '') return
  const places = shared.below.get(span.parent)
  if (places === undefined) shared.below.set(span.parent, [place])
  else places.push(place)
}
