import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { type Following, fail } from './following.ts'

/** A result that nobody has begun to read by then may never be read; in milliseconds. */
const UNREAD_AFTER_MS = 500

/** The reading of one result. */
export interface Reading {
  /** Somebody reads. */
  read(): void
  /** It is over. */
  done(): void
  /** It has failed, whatever was thrown. */
  failed(error: unknown): void
  /** From now on this object is read; once it has been collected, the reading is over. */
  heldBy(target: object): void
}

// A result that was read in part and then dropped emits nothing when it is collected.
const dropped = new FinalizationRegistry<() => void>((end) => end())

/**
 * Begins to watch the reading of a result. When nobody begins to read it, it ended when it was
 * returned; when nobody goes on reading it, it ended when it was last read.
 *
 * @param isUnread whether nobody has begun, where `read()` is not called for that
 */
export function startReading(
  target: object,
  following: Following,
  isUnread: () => boolean = () => true,
): Reading {
  const token = {}
  const last = { at: performance.now() }
  const giveUp = givingUp(last, following)
  const check = (): void => {
    if (isUnread()) giveUp()
  }
  // Otherwise it would keep the context of the request.
  const timer = context.with(ROOT_CONTEXT, () => setTimeout(check, UNREAD_AFTER_MS).unref())
  const over = (): void => {
    clearTimeout(timer)
    dropped.unregister(token)
  }
  const heldBy = (holder: object): void => {
    dropped.unregister(token)
    dropped.register(holder, giveUp, token)
  }
  heldBy(target)
  return {
    heldBy,
    read: () => {
      clearTimeout(timer)
      last.at = performance.now()
    },
    done: () => {
      over()
      following.end()
    },
    failed: (error) => {
      over()
      fail(following, error)
    },
  }
}

// Made outside, so that it does not hold the result: otherwise that would never be collected.
function givingUp(last: { readonly at: number }, { end }: Following): () => void {
  return () => end(undefined, performance.now() - last.at)
}
