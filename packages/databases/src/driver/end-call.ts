import type { DatabaseCall } from '@callchain/core'
import { statusCodeOf } from './status-code.ts'

/**
 * Ends the span of a statement or a command; with an error, as failed. `endedMillisAgo` is for an end
 * that is found out later.
 */
export type EndCall = (call: DatabaseCall, error?: unknown, endedMillisAgo?: number) => void

/** Makes the function that ends the spans of one `db.system.name`. */
export function createEndCall(
  system: string,
  { errorMessages = false }: { readonly errorMessages?: boolean },
): EndCall {
  return (call, error, endedMillisAgo) => {
    if (error === undefined || error === null) return call.receive({ endedMillisAgo })
    call.receive({
      error,
      statusCode: statusCodeOf(system, error),
      shownError: errorMessages && error instanceof Error ? error : undefined,
    })
  }
}
