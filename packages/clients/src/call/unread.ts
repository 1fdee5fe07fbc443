import { guard } from '@callchain/core/internal'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'

/** A body that nobody has begun to read by then may never be read; in milliseconds. */
export const UNREAD_AFTER_MS = 500

/** A check that is made once, `UNREAD_AFTER_MS` after it was asked for. */
export interface UnreadCheck {
  /** When it was asked for, on the clock of `performance.now()`. */
  readonly since: number
  check(): void
  /** Its place among those that wait. */
  place?: Place | undefined
}

/** A link of the list of those that wait. */
export interface Place {
  of: UnreadCheck
  before: Place | undefined
  after: Place | undefined
}

// The oldest first. A list whose links are cut: the table of a Set, which grows old, would have the
// garbage collector keep what it held for long.
let first: Place | undefined
let last: Place | undefined
/** When the timer fires; long ago where there is none. One for all: one for each call costs too much. */
let timerDueAt = Number.NEGATIVE_INFINITY

/** Makes a check when its time is over, unless it is forgotten before; keeps no process alive. */
export function checkLater(each: UnreadCheck): void {
  const place: Place = { of: each, before: last, after: undefined }
  if (last === undefined) first = place
  else last.after = place
  last = place
  each.place = place
  // A timer that was faked, or dropped with the test that faked it, never fires.
  if (each.since > timerDueAt + UNREAD_AFTER_MS) startTimer(UNREAD_AFTER_MS)
}

/** The check is no longer needed. */
export function forget(each: UnreadCheck): void {
  const { place } = each
  if (place === undefined) return
  const { before, after } = place
  if (before === undefined) first = after
  else before.after = after
  if (after === undefined) last = before
  else after.before = before
  place.before = undefined
  place.after = undefined
  each.place = undefined
}

function startTimer(milliseconds: number): void {
  timerDueAt = performance.now() + milliseconds
  // Otherwise it would keep the context of the call that came first.
  context.with(ROOT_CONTEXT, () => setTimeout(checkDue, milliseconds).unref())
}

function checkDue(): void {
  const now = performance.now()
  timerDueAt = Number.NEGATIVE_INFINITY
  for (let oldest = first; oldest !== undefined; oldest = first) {
    const each = oldest.of
    const left = each.since + UNREAD_AFTER_MS - now
    if (left > 0) {
      startTimer(Math.min(left, UNREAD_AFTER_MS))
      return
    }
    forget(each)
    guard('tracing an unread body', () => each.check())
  }
}
