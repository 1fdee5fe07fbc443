import { Readable } from 'node:stream'
import type { Attempt } from './attempt.ts'
import type { BodyState } from './body-state.ts'

/**
 * Watches the body of a fetched response without reading or keeping it. Cancelling it closes it before
 * undici hears of that; a broken connection closes it afterwards.
 */
export function watchBody(body: ReadableStream, attempt: Attempt): () => BodyState {
  // A response held here would never be collected, and its connection would never be free.
  const held = new WeakRef(body)
  attempt.endWhenUnread(() => {
    const stream = held.deref()
    // A body that is only locked, to a reader that does not read or to clones, is unread as well.
    return stream === undefined || !Readable.isDisturbed(asNodeStream(stream))
  })
  return () => {
    const stream = held.deref()
    if (stream === undefined) return 'collected'
    return Readable.isReadable(asNodeStream(stream)) ? 'open' : 'closed'
  }
}

// These functions of Node take web streams as well; its types do not say so.
function asNodeStream(stream: ReadableStream): Readable {
  return stream as unknown as Readable
}

/** Whether a value is a readable web stream. */
export function isWebStream(value: unknown): value is ReadableStream {
  return typeof (value as { getReader?: unknown } | null | undefined)?.getReader === 'function'
}
