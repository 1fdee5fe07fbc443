import type { SpanContext } from '@opentelemetry/api'
import type { NodeResponse } from '../http/framework-request.ts'
import { answerOf, KEPT_TRACES } from '../keep/kept-headers.ts'
import type { TraceKeeper } from '../keep/trace-keeper.ts'
import { addTiming } from './server-timing.ts'

/** Tells the caller that this part of its trace is kept, if it is before the head is sent. */
export function tellCaller(
  keeper: TraceKeeper,
  response: NodeResponse,
  context: SpanContext,
): void {
  const rumours = keeper.rumours()
  if (rumours !== undefined && !response.headersSent) response.setHeader(KEPT_TRACES, rumours)
  keeper.whenKept(context.traceId, () => {
    if (!response.headersSent) addTiming(response, answerOf(context))
  })
}
