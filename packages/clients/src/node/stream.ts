import { errorMonitor } from 'node:events'
import type { Readable } from 'node:stream'
import type { Attempt } from '../call/attempt.ts'
import type { Call } from '../call/call.ts'

/** Ends the current attempt of a call with a stream of Node's, which is neither read nor kept flowing. */
export function watchNodeStream(call: Call, attempt: Attempt, stream: Readable): void {
  stream.on('end', () => attempt.end())
  // A listener for errors of the usual kind would keep the application from hearing of them.
  stream.on(errorMonitor, (error: unknown) => call.fail(error, attempt))
  stream.on('close', () => attempt.end({ cancelled: !stream.readableEnded }))
  attempt.endWhenUnread(() => stream.readableFlowing === null && !stream.readableDidRead)
}

/** Whether a value is a readable stream of Node's. */
export function isNodeStream(value: unknown): value is Readable {
  const { once, pipe } = (value ?? {}) as { once?: unknown; pipe?: unknown }
  return typeof once === 'function' && typeof pipe === 'function'
}
