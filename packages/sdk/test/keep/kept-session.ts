import { afterEach } from '@jest/globals'
import {
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { KeepOptions } from '../../src/config/keep-options.ts'
import type { StartTracingOptions, Tracing } from '../../src/index.ts'
import { type Collector, startCollector } from '../collector.ts'
import { start } from '../tracing-session.ts'

/** A span as OTLP/JSON has it. */
export interface SentSpan {
  readonly name: string
  readonly traceId: string
  readonly traceState?: string
  readonly flags: number
  readonly attributes: Readonly<Record<string, unknown>>
}

let collector: Collector | undefined
let tracing: Tracing | undefined

afterEach(async () => {
  await collector?.close()
  collector = undefined
})

/** Starts tracing that keeps; what it sends is read by `sent`. */
export async function startKeeping(
  keep: KeepOptions,
  options: StartTracingOptions = {},
): Promise<Tracing> {
  collector = await startCollector()
  tracing = start({ endpoint: collector.url, protocol: 'http/json', keep, ...options })
  return tracing
}

/** Everything that has been sent, after all that waits. */
export async function sent(path = '/v1/traces'): Promise<SentSpan[]> {
  await tracing?.flush()
  const bodies = (collector?.received ?? [])
    .filter((one) => one.path === path)
    .map(({ body }) => JSON.parse(String(body)))
  return bodies.flatMap((body) =>
    body.resourceSpans.flatMap((resource: { scopeSpans: { spans: unknown[] }[] }) =>
      resource.scopeSpans.flatMap(({ spans }) => spans.map(readSpan)),
    ),
  )
}

/** The bodies of log lines that have been sent. */
export async function sentLines(): Promise<string[]> {
  await tracing?.flush()
  const lines = (collector?.received ?? []).filter(({ path }) => path === '/v1/logs')
  return lines.flatMap(({ body }) =>
    JSON.parse(String(body)).resourceLogs.flatMap(
      (resource: { scopeLogs: { logRecords: { body: { stringValue: string } }[] }[] }) =>
        resource.scopeLogs.flatMap(({ logRecords }) =>
          logRecords.map(({ body }) => body.stringValue),
        ),
    ),
  )
}

function readSpan(span: unknown): SentSpan {
  const { attributes = [], ...rest } = span as {
    attributes?: { key: string; value: Record<string, unknown> }[]
  } & SentSpan
  const pairs = (attributes as { key: string; value: Record<string, unknown> }[]).map(
    ({ key, value }) => [key, Object.values(value)[0]],
  )
  return { ...rest, attributes: Object.fromEntries(pairs) }
}

/** What a request is like. */
export interface Request {
  readonly name?: string
  readonly parent?: SpanContext
  readonly attributes?: Record<string, string | number>
  readonly millis?: number
  readonly fails?: boolean
  readonly statement?: (span: Span) => void
}

/** A request of two spans: its own, and a statement's. */
export function request(options: Request = {}): SpanContext {
  const tracer = trace.getTracer('test')
  const { name = 'GET /orders', parent, attributes = {}, millis = 1, fails = false } = options
  const base = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent)
  const startTime = Date.now()
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes, startTime }, base)
  context.with(trace.setSpan(base, span), () => {
    const statement = tracer.startSpan('SELECT', { kind: SpanKind.CLIENT, startTime })
    options.statement?.(statement)
    statement.end(startTime + 1)
  })
  if (fails) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(startTime + millis)
  return span.spanContext()
}

/** Fails a statement. */
export function fail(span: Span): void {
  span.setAttribute('error.type', '42P01')
  span.setStatus({ code: SpanStatusCode.ERROR })
}
