import type { Context, Span } from '@opentelemetry/api'
import type { ServedRequest } from '../context/scope.ts'
import { isHiddenError } from '../errors/database-error.ts'
import { markFailed } from '../errors/span-error.ts'
import { guard } from '../otel/guard.ts'
import type { ArrivingCall } from './arriving-call.ts'
import { describeEnd } from './describe-end.ts'
import type { RpcOutcome } from './exchange.ts'
import type { MetadataEntries } from './kept-answer.ts'
import { methodAttributes, outcomeAttributes, serverCallDuration } from './metrics.ts'

/** A call that is being served. */
export interface RpcServerCall {
  /** The SERVER span. */
  readonly span: Span
  /** The context to run the application in: `runIn(call, handler)`. */
  readonly context: Context
  /** Whether anybody gets to see how it ends: nobody does where nothing is recorded. */
  readonly isObserved: boolean
  /** Ends the span. Only the first call counts. */
  send(outcome: RpcOutcome): void
  /**
   * What to add to the metadata that is sent with the status: a caller of ours is told that its trace
   * is kept. Ask after `send()`, which may decide it; strangers are told nothing.
   */
  answer(): MetadataEntries
}

/** Opens the books of a call whose SERVER span is ours to end. */
export function startedServerCall(
  arriving: ArrivingCall,
  served: ServedRequest,
  context: Context,
  answer: () => MetadataEntries,
): RpcServerCall {
  const { span } = served
  const { request, settings } = arriving
  const duration = serverCallDuration()
  const startedAt = performance.now()
  let ended = false
  return {
    span,
    context,
    answer,
    isObserved:
      duration !== undefined || settings.options.onEnd !== undefined || span.isRecording(),
    send: (outcome) => {
      if (ended) return
      ended = true
      const failure = serverFailure(outcome.status)
      if (span.isRecording()) {
        guard('ending a span', () => describe(arriving, served, outcome, failure))
      }
      const { onEnd, recordDuration } = settings.options
      if (onEnd !== undefined) guard('onEnd', () => onEnd(span, request.raw, outcome.status))
      span.end()
      if (duration === undefined) return
      const isLeftOut =
        recordDuration !== undefined &&
        guard('recordDuration', () => recordDuration(request.raw)) === false
      if (isLeftOut) return
      const attributes = {
        ...methodAttributes(request),
        ...outcomeAttributes(outcome.status, failure),
      }
      duration.record((performance.now() - startedAt) / 1000, attributes, context)
    },
  }
}

function describe(
  { settings }: ArrivingCall,
  served: ServedRequest,
  outcome: RpcOutcome,
  failure: string | undefined,
): void {
  const { span } = served
  describeEnd(span, outcome, settings.responseMetadata)
  if (failure === undefined) return
  const error = served.error ?? outcome.error
  markFailed(span, failure, error, isHiddenError(error, served))
}

const SERVER_ERRORS = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
])

// What the caller has done wrong is not an error of the server (RPC conventions, "gRPC status").
function serverFailure(status: string | undefined): string | undefined {
  return status !== undefined && SERVER_ERRORS.has(status.toUpperCase()) ? status : undefined
}
