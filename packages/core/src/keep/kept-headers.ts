import type { SpanContext } from '@opentelemetry/api'
import type { NodeResponse } from '../http/framework-request.ts'
import type { TraceKeeper } from './trace-keeper.ts'

/** Trace Context Level 3 (draft), "Response": the metric of Server-Timing that tells of the trace. */
export const SERVER_TIMING = 'server-timing'
/** Our own: traces of which a part was kept, for those who may have other parts. Between internal services only. */
export const KEPT_TRACES = 'callchain-kept'

/** Our own: a token that has the trace kept, made by `createKeepToken()`. */
export const KEEP_TOKEN = 'callchain-keep'

const ANSWER = /(?:^|,)\s*trace\s*;\s*desc="?00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})"?/i

/** What a service answers that has kept its part. */
function answerOf({ traceId, spanId }: SpanContext): string {
  return `trace;desc=00-${traceId}-${spanId}-01`
}

/** Tells the caller that this part of its trace is kept, if it is before the head is sent. */
export function tellCaller(
  keeper: TraceKeeper,
  response: NodeResponse,
  context: SpanContext,
): void {
  const rumours = keeper.rumours()
  if (rumours !== undefined && !response.headersSent) response.setHeader(KEPT_TRACES, rumours)
  keeper.whenKept(context.traceId, () => answerWithHead(response, answerOf(context)))
}

// Not before the head is written: the application may set a Server-Timing of its own until then.
function answerWithHead(response: NodeResponse, answer: string): void {
  if (response.headersSent) return
  const { writeHead } = response as { writeHead: (...args: unknown[]) => unknown }
  const write = (...args: unknown[]): unknown => {
    Reflect.set(response, 'writeHead', writeHead)
    return writeHead.apply(response, withAnswer(response, args, answer))
  }
  Reflect.set(response, 'writeHead', write)
}

/** The arguments of `writeHead`, with the answer next to the application's own Server-Timing. */
function withAnswer(response: NodeResponse, args: unknown[], answer: string): unknown[] {
  const headers = args.at(-1)
  if (Array.isArray(headers)) return [...args.slice(0, -1), [...headers, SERVER_TIMING, answer]]
  const name = isRecord(headers)
    ? Object.keys(headers).find((key) => key.toLowerCase() === SERVER_TIMING)
    : undefined
  if (isRecord(headers) && name !== undefined) {
    const all = { ...headers, [name]: [headers[name], answer].flat() }
    return [...args.slice(0, -1), all]
  }
  const own = response.getHeader(SERVER_TIMING)
  response.setHeader(SERVER_TIMING, own === undefined ? answer : [own, answer].flat().map(String))
  return args
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Reads what a service of ours answered about the trace that it was called in. */
export function hearAnswer(
  keeper: TraceKeeper,
  header: (name: string) => string | undefined,
  traceId: string,
): void {
  const [, answered, flags = '00'] = ANSWER.exec(header(SERVER_TIMING) ?? '') ?? []
  // A cache may repeat an old answer: it tells of another trace.
  if (answered === traceId && (Number.parseInt(flags, 16) & 1) === 1) keeper.tellKept(traceId)
  const rumours = header(KEPT_TRACES)
  if (rumours !== undefined) keeper.hear(rumours)
}
