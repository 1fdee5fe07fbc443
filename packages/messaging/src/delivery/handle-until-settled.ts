import { type DeliveryCall, runIn } from '@callchain/core'
import { awaitHandler } from './open-deliveries.ts'
import { isThenable } from './settle.ts'

/** How a delivery ends. */
export interface Ending {
  end(outcome: { error?: unknown }): void
  /** Whether a handler that has returned is done: nobody says anything about the message any more. */
  readonly endsWithHandler: boolean
}

/**
 * Runs a handler to which its library does not listen. One without a promise says with its
 * acknowledgement that it is done. What it returns, throws and rejects with is passed on.
 */
export function handleUntilSettled(
  call: DeliveryCall,
  run: () => unknown,
  { end, endsWithHandler }: Ending,
): unknown {
  let result: unknown
  try {
    result = runIn(call, run)
  } catch (error) {
    end({ error: error ?? new Error('threw without a reason') })
    throw error
  }
  if (isThenable(result)) {
    awaitHandler(call)
    // Nobody waits for it: what rejects is to be unhandled as it was.
    return result.then(
      (value) => {
        end({})
        return value
      },
      (error: unknown) => {
        end({ error: error ?? new Error('rejected without a reason') })
        throw error
      },
    )
  }
  if (endsWithHandler) end({})
  return result
}
