import type { SpanRow } from '../model/rows.ts'

/** A span and the id of its trace. */
export interface FoundSpan {
  readonly trace: string
  readonly span: SpanRow
}

/** Keeps the newest of many spans, without sorting them all. */
export interface NewestSpans {
  add(found: FoundSpan): void
  /** Newest first, one more than asked for when there are more. */
  finish(): FoundSpan[]
}

/** Begins to look for the newest spans, `limit` of them, after a cursor, which is `cursorOf` the last one before. */
export function createNewestSpans(limit: number, cursor: string): NewestSpans {
  const after = readCursor(cursor)
  let kept: FoundSpan[] = []
  let last: FoundSpan | undefined
  const cut = (): void => {
    kept.sort(newestFirst)
    kept = kept.slice(0, limit + 1)
    last = kept[limit]
  }
  return {
    add(found) {
      if (last !== undefined && newestFirst(found, last) > 0) return
      if (after !== undefined && comparePlaces(placeOf(found), after) <= 0) return
      kept.push(found)
      if (kept.length > 4 * (limit + 1)) cut()
    },
    finish() {
      cut()
      return kept
    },
  }
}

/** Where a page ended, for the next one to begin. */
export function cursorOf({ trace, span }: FoundSpan): string {
  return `${span.micros}_${span.id}_${trace}`
}

interface Place {
  readonly micros: number
  readonly id: string
  readonly trace: string
}

/** The form of a cursor of these spans. */
export const SPAN_CURSOR: RegExp = /^(\d{1,20})_([\da-f]{16})_([\da-f]{32})$/

function readCursor(cursor: string): Place | undefined {
  const match = SPAN_CURSOR.exec(cursor)
  return match ? { micros: Number(match[1]), id: match[2] ?? '', trace: match[3] ?? '' } : undefined
}

function placeOf({ trace, span }: FoundSpan): Place {
  return { micros: span.micros, id: span.id, trace }
}

function newestFirst(a: FoundSpan, b: FoundSpan): number {
  return b.span.micros - a.span.micros || comparePlaces(placeOf(a), placeOf(b))
}

function comparePlaces(a: Place, b: Place): number {
  return b.micros - a.micros || compareText(b.id, a.id) || compareText(b.trace, a.trace)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
