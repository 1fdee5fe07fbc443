import type { IncomingHttpHeaders } from 'node:http'
import type { ForwardFigures } from '../contract/receiver.ts'
import { toOtlpJson } from '../formats/write-otlp.ts'
import type { Decoded, SpanRow } from '../model/rows.ts'
import type { ExportFormat } from './export-answer.ts'

/** An export that is sent on to a backend. */
export interface ForwardedExport {
  readonly path: string
  readonly type: string
  readonly body: Buffer
  /** How many viewers it has gone through already. */
  readonly hops: number
}

/** Sends exports on to a backend. */
export interface Forwarder {
  readonly figures: ForwardFigures
  send(one: ForwardedExport): void
  /** Sends what waits, for two seconds at most. */
  close(): Promise<void>
}

/** The header that says how many viewers an export has gone through. */
export const HOPS_HEADER: string = 'callchain-forwarded'

/** An export as it is sent on: OTLP as it came (over HTTP in any case), Zipkin's as OTLP. */
export function forwardedOf(
  headers: IncomingHttpHeaders,
  { path, format, bytes }: { path: string; format: ExportFormat; bytes: Buffer },
  decoded: Decoded,
): ForwardedExport {
  const hops = Number(headers[HOPS_HEADER]) || 0
  const isProtobuf = format === 'protobuf' || format === 'grpc'
  if (isProtobuf) return { path, type: 'application/x-protobuf', body: bytes, hops }
  const type = 'application/json'
  if (format !== 'zipkin') return { path, type, body: bytes, hops }
  const traces = decoded.spans.map((span: SpanRow, at) => ({
    id: decoded.traces[at] ?? '',
    spans: [span],
  }))
  const { resourceSpans } = toOtlpJson({ traces, logs: [], isPlaced: true })
  const body = Buffer.from(JSON.stringify({ resourceSpans }))
  return { path: '/v1/traces', type, body, hops }
}
