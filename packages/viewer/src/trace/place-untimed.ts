import { type SpanRow, Unknown } from '../model/rows.ts'
import type { Moment } from '../model/time.ts'

/** The spans of a trace, and when the first of them came. */
interface Spans {
  readonly spans: SpanRow[]
  /** Microseconds since 1970. */
  readonly arrived: number
}

type FindSpan = (id: string) => SpanRow | undefined

/**
 * Places the spans whose time is not known: at the start of their parent, else at
 * that of the first span below them, else at that of the trace, else at the time it arrived.
 */
export function placeUntimed({ spans, arrived }: Spans, find: FindSpan): void {
  const belows = firstBelow(spans, find)
  const found = new Map<string, Moment | undefined>()
  const first = earliest(spans.filter(isTimed)) ?? { micros: arrived, nanos: 0 }
  for (const [place, span] of spans.entries()) {
    if (isTimed(span)) continue
    const { micros, nanos } = above(span, find, found) ?? belows.get(span.id) ?? first
    if (span.micros !== micros || span.nanos !== nanos) spans[place] = { ...span, micros, nanos }
  }
}

/** The begin of the nearest span above that has one; those on the way are remembered. */
function above(
  from: SpanRow,
  find: FindSpan,
  found: Map<string, Moment | undefined>,
): Moment | undefined {
  const way: string[] = []
  let at: SpanRow | undefined = from
  while (at !== undefined && !isTimed(at) && !found.has(at.id)) {
    // A circle ends where it was entered.
    found.set(at.id, undefined)
    way.push(at.id)
    at = find(at.parent)
  }
  const moment = at === undefined || isTimed(at) ? at : found.get(at.id)
  for (const id of way) found.set(id, moment)
  return moment
}

/** By the id of each span without a time, the begin of the first span below it that has one. */
function firstBelow(spans: readonly SpanRow[], find: FindSpan): Map<string, Moment> {
  const first = new Map<string, Moment>()
  for (const span of spans.filter(isTimed).sort(compare)) {
    let parent = find(span.parent)
    while (parent !== undefined && !isTimed(parent) && !first.has(parent.id)) {
      first.set(parent.id, span)
      parent = find(parent.parent)
    }
  }
  return first
}

function earliest(moments: readonly Moment[]): Moment | undefined {
  let first: Moment | undefined
  for (const moment of moments)
    if (first === undefined || compare(moment, first) < 0) first = moment
  return first
}

function compare(a: Moment, b: Moment): number {
  return a.micros - b.micros || a.nanos - b.nanos
}

function isTimed({ unknown }: SpanRow): boolean {
  return (unknown & Unknown.place) === 0
}
