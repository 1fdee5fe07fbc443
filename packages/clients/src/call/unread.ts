import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { guarded } from './guarded.ts'

/** In milliseconds: who has not begun to read by then may never do so. */
export const UNREAD_AFTER = 500

/** Something that is looked at once, when it is as old as that. */
export interface Waiting {
  /** On the clock of `performance.now()`. */
  readonly since: number
  look(): void
}

// In the order in which they came. One timer for all: one a call costs more than all else about it.
const waiting = new Set<Waiting>()
/** When the timer fires; long ago where there is none. */
let due = Number.NEGATIVE_INFINITY

/** Looks at this when the time is over, unless it is forgotten before; keeps no process alive. */
export function lookLater(each: Waiting): void {
  waiting.add(each)
  // A timer that was faked, or dropped with the test that faked it, never fires.
  if (each.since > due + UNREAD_AFTER) lookIn(UNREAD_AFTER)
}

/** It is over before its time. */
export function forget(each: Waiting): void {
  waiting.delete(each)
}

function lookIn(milliseconds: number): void {
  due = performance.now() + milliseconds
  // Else it would keep the context of whichever call came first.
  context.with(ROOT_CONTEXT, () => setTimeout(look, milliseconds).unref())
}

function look(): void {
  const now = performance.now()
  due = Number.NEGATIVE_INFINITY
  for (const each of waiting) {
    const left = each.since + UNREAD_AFTER - now
    if (left > 0) {
      lookIn(Math.min(left, UNREAD_AFTER))
      return
    }
    waiting.delete(each)
    guarded('unread', () => each.look())
  }
}
