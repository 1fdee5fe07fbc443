import type { Attributes, Context, Span } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { errorType, isHiddenError } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import { guard } from '../otel/guard.ts'
import type { MessageOutcome } from './exchange.ts'
import { consumedMessages, processDuration } from './metrics.ts'

/** A message, or a batch, that is being handled. */
export interface DeliveryCall {
  /** The CONSUMER span. */
  readonly span: Span
  /** The context to run the handler in: `runIn(call, handler)`. */
  readonly context: Context
  /** Ends the span. Only the first call counts. */
  settle(outcome?: MessageOutcome): void
}

/** What ends a span; one of another tracer is not ended. */
interface DeliveryOutcome extends MessageOutcome {
  readonly isOthers?: boolean
}

/** A delivery whose span may be another tracer's. */
export interface OpenDelivery extends DeliveryCall {
  settle(outcome?: DeliveryOutcome): void
}

/** A delivery whose span has begun. */
export function startedDelivery(
  span: Span,
  context: Context,
  shared: Attributes,
  messages: number,
): OpenDelivery {
  const startedAt = performance.now()
  if (processDuration() !== undefined) consumedMessages().add(messages, { ...shared }, context)
  let ended = false
  return {
    span,
    context,
    settle: (outcome = {}) => {
      if (ended) return
      ended = true
      guard('ending a span', () => {
        const failure = failureOf(outcome)
        if (failure !== undefined && span.isRecording()) {
          const { error } = outcome
          markFailed(span, failure, error, isHiddenError(error, scopeOf(context)?.served))
        }
        if (outcome.isOthers !== true) span.end()
        const duration = processDuration()
        if (duration === undefined) return
        if (failure !== undefined) shared[key.ERROR_TYPE] = failure
        duration.record((performance.now() - startedAt) / 1000, shared, context)
      })
    },
  }
}

// A handler's error is called as it is on every other span.
function failureOf({ error, errorType: code }: MessageOutcome): string | undefined {
  return code ?? (error === undefined || error === null ? undefined : errorType(error))
}
