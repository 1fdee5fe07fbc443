import type { SpanContext } from '@opentelemetry/api'
import type { TraceKeeper } from './trace-keeper.ts'

/** Trace Context Level 3 (draft), "Response": the metric of Server-Timing that tells of the trace. */
export const SERVER_TIMING = 'server-timing'
/** Our own: traces of which a part was kept, for those who may have other parts. Between internal services only. */
export const KEPT_TRACES = 'callchain-kept'

/** Our own: a token that has the trace kept, made by `createKeepToken()`. */
export const KEEP_TOKEN = 'callchain-keep'

const ANSWER = /(?:^|,)\s*trace\s*;\s*desc="?00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})"?/gi

/** What a service answers that has kept its part. */
export function answerOf({ traceId, spanId }: SpanContext): string {
  return `trace;desc=00-${traceId}-${spanId}-01`
}

/** Reads what a service of ours answered about the trace that it was called in. */
export function hearAnswer(
  keeper: TraceKeeper,
  header: (name: string) => string | undefined,
  traceId: string,
): void {
  for (const [, answered, flags = '00'] of (header(SERVER_TIMING) ?? '').matchAll(ANSWER)) {
    // A cache may repeat an old answer: it tells of another trace.
    if (answered === traceId && (Number.parseInt(flags, 16) & 1) === 1) keeper.tellKept(traceId)
  }
  const rumours = header(KEPT_TRACES)
  if (rumours !== undefined) keeper.hear(rumours)
}
