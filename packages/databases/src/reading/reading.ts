import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { type Following, fail } from './following.ts'

/** In milliseconds: who has not begun to read by then may never do so. */
const UNREAD_AFTER = 500

/** The reading of one result. */
export interface Reading {
  /** Somebody reads. */
  read(): void
  /** It is over. */
  done(): void
  /** It has failed, whatever was thrown. */
  failed(error: unknown): void
  /** From now on it is this that is read; once nobody holds it any more, the reading is over. */
  heldBy(target: object): void
}

// What was read in part and then dropped says nothing when it goes.
const dropped = new FinalizationRegistry<() => void>((end) => end())

/**
 * Begins to watch the reading of a result. One that nobody begins to read ended when it was handed
 * over, and one that nobody goes on with when it was last read.
 *
 * @param isUnread whether nobody has begun, where nothing else would tell
 */
export function startReading(
  target: object,
  following: Following,
  isUnread: () => boolean = () => true,
): Reading {
  const token = {}
  const last = { at: performance.now() }
  const giveUp = givingUp(last, following)
  const look = (): void => {
    if (isUnread()) giveUp()
  }
  // Else it would keep the context of the request.
  const timer = context.with(ROOT_CONTEXT, () => setTimeout(look, UNREAD_AFTER).unref())
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

// Made out here, where it holds nothing that is read: else nothing would ever be collected.
function givingUp(last: { readonly at: number }, { end }: Following): () => void {
  return () => end(undefined, performance.now() - last.at)
}
