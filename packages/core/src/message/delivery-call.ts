import type { Attributes, Context, Span } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { errorType, isHiddenError } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import * as key from '../http/attributes.ts'
import type { MessageOutcome } from './exchange.ts'
import { consumedMessages, processDuration } from './metrics.ts'
import { SpanCall } from './span-call.ts'

/** A message, or a batch, that is being handled. */
export interface DeliveryCall {
  /** The CONSUMER span. */
  readonly span: Span
  /** The context to run the handler in: `runIn(call, handler)`. */
  readonly context: Context
  /** Ends the span. Only the first call counts. */
  settle(outcome?: MessageOutcome): void
}

/** Whose span a delivery has: one of another tracer is not ended. */
export type SpanOwner = 'ours' | 'others'

/** A delivery whose span has begun. */
export function startedDelivery(
  span: Span,
  context: Context,
  about: { readonly shared: () => Attributes; readonly messages: number },
  owner: SpanOwner = 'ours',
): DeliveryCall {
  if (processDuration() !== undefined) {
    consumedMessages().add(about.messages, about.shared(), context)
  }
  return new SpanDeliveryCall(span, context, about.shared, owner)
}

class SpanDeliveryCall extends SpanCall implements DeliveryCall {
  private readonly owner: SpanOwner

  constructor(span: Span, context: Context, shared: () => Attributes, owner: SpanOwner) {
    super(span, context, shared)
    this.owner = owner
  }

  settle(outcome: MessageOutcome = {}): void {
    this.finish(outcome)
  }

  protected override end(outcome: MessageOutcome): void {
    const { span, context } = this
    const failure = failureOf(outcome)
    if (failure !== undefined && span.isRecording()) {
      const { error } = outcome
      markFailed(span, failure, error, isHiddenError(error, scopeOf(context)?.served))
    }
    if (this.owner === 'ours') span.end()
    const duration = processDuration()
    if (duration === undefined) return
    const shared = this.shared()
    if (failure !== undefined) shared[key.ERROR_TYPE] = failure
    duration.record(this.seconds, shared, context)
  }
}

// A handler's error is called as it is on every other span.
function failureOf({ error, errorType: code }: MessageOutcome): string | undefined {
  return code ?? (error === undefined || error === null ? undefined : errorType(error))
}
