import type { SpanContext } from '@opentelemetry/api'
import { answerOf, KEPT_TRACES, SERVER_TIMING } from '../keep/kept-headers.ts'
import type { TraceKeeper } from '../keep/trace-keeper.ts'

/** Names and values of metadata. */
export type MetadataEntries = readonly (readonly [name: string, value: string])[]

const NOTHING: MetadataEntries = []

/** Tells nobody anything. */
export function noAnswer(): MetadataEntries {
  return NOTHING
}

/** What a caller of ours may know of its trace, as it is when it is asked for. */
export function keptAnswer(keeper: TraceKeeper, context: SpanContext): () => MetadataEntries {
  let isKept = false
  keeper.whenKept(context.traceId, () => {
    isKept = true
  })
  return () => {
    const entries: [string, string][] = []
    if (isKept) entries.push([SERVER_TIMING, answerOf(context)])
    const rumours = keeper.rumours()
    if (rumours !== undefined) entries.push([KEPT_TRACES, rumours])
    return entries
  }
}
