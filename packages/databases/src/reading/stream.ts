import { errorMonitor } from 'node:events'
import type { Following } from './following.ts'
import { startReading } from './reading.ts'

/** A Node stream, or one with the same interface. */
export interface NodeStream {
  on(event: string | symbol, listener: (error: unknown) => void): unknown
  pipe: unknown
  readonly read?: unknown
  readonly destroyed?: unknown
  readonly errored?: unknown
  readonly readableEnded?: unknown
  readonly readableFlowing?: unknown
  readonly readableDidRead?: unknown
  listenerCount?(event: string): number
}

/** Whether a value is a Node stream. */
export function isStream(value: unknown): value is NodeStream {
  const { on, pipe } = (value ?? {}) as Partial<NodeStream>
  return typeof on === 'function' && typeof pipe === 'function'
}

/**
 * Ends a statement when a stream has been read to its end, written to its end, closed before that, or
 * failed. It does not make the stream flow, and an error that nobody listens for is still thrown.
 */
export function followStream(stream: NodeStream, following: Following): void {
  const { destroyed, errored, readableEnded } = stream
  if (destroyed === true || readableEnded === true) {
    following.end(errored ?? undefined)
    return
  }
  const isReadable = typeof stream.read === 'function'
  // A writable one lasts until it is finished, however long nobody writes.
  const reading = startReading(stream, following, () => isReadable && isUntouched(stream))
  stream.on(errorMonitor, (error) => {
    if (isCalledOff(error)) reading.done()
    else reading.failed(error)
  })
  for (const event of ['close', isReadable ? 'end' : 'finish']) stream.on(event, reading.done)
}

function isUntouched(stream: NodeStream): boolean {
  const { readableFlowing, readableDidRead } = stream
  if (readableFlowing !== null || readableDidRead === true) return false
  return stream.listenerCount?.('readable') === 0
}

// Node destroys a stream with this error when the application leaves a loop over it, or aborts it.
function isCalledOff(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { name?: unknown } }
  return code === 'ABORT_ERR' && (cause === undefined || cause?.name === 'AbortError')
}
