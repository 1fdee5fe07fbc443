import { guard } from '@callchain/core/internal'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'

/** A body that nobody has begun to read by then may never be read; in milliseconds. */
export const UNREAD_AFTER_MS = 500

/** A check that is made once, `UNREAD_AFTER_MS` after it was asked for. */
export interface UnreadCheck {
  /** When it was asked for, on the clock of `performance.now()`. */
  readonly since: number
  check(): void
}

// The oldest first. One timer for all: one for each call costs more than all else about the call.
const waiting = new Set<UnreadCheck>()
/** When the timer fires; long ago where there is none. */
let timerDueAt = Number.NEGATIVE_INFINITY

/** Makes a check when its time is over, unless it is forgotten before; keeps no process alive. */
export function checkLater(each: UnreadCheck): void {
  waiting.add(each)
  // A timer that was faked, or dropped with the test that faked it, never fires.
  if (each.since > timerDueAt + UNREAD_AFTER_MS) startTimer(UNREAD_AFTER_MS)
}

/** The check is no longer needed. */
export function forget(each: UnreadCheck): void {
  waiting.delete(each)
}

function startTimer(milliseconds: number): void {
  timerDueAt = performance.now() + milliseconds
  // Otherwise it would keep the context of the call that came first.
  context.with(ROOT_CONTEXT, () => setTimeout(checkDue, milliseconds).unref())
}

function checkDue(): void {
  const now = performance.now()
  timerDueAt = Number.NEGATIVE_INFINITY
  for (const each of waiting) {
    const left = each.since + UNREAD_AFTER_MS - now
    if (left > 0) {
      startTimer(Math.min(left, UNREAD_AFTER_MS))
      return
    }
    waiting.delete(each)
    guard('tracing an unread body', () => each.check())
  }
}
