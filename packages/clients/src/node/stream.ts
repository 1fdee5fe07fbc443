import { errorMonitor } from 'node:events'
import type { Readable } from 'node:stream'
import type { Attempt } from '../call/attempt.ts'
import type { LogicalCall } from '../call/logical-call.ts'

/** Ends an attempt with a Node stream, without reading it or making it flow. */
export function watchNodeStream(call: LogicalCall, attempt: Attempt, stream: Readable): void {
  stream.on('end', () => attempt.end())
  // With an ordinary listener, an error that the application does not handle would be swallowed.
  stream.on(errorMonitor, (error: unknown) => call.fail(error, attempt))
  stream.on('close', () => attempt.end({ cancelled: !stream.readableEnded }))
  attempt.endWhenUnread(() => stream.readableFlowing === null && !stream.readableDidRead)
}

/** Whether a value is a readable Node stream. */
export function isNodeStream(value: unknown): value is Readable {
  const { once, pipe } = (value ?? {}) as { once?: unknown; pipe?: unknown }
  return typeof once === 'function' && typeof pipe === 'function'
}
