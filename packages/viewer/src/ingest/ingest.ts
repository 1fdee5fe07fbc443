import type { IncomingMessage, ServerResponse } from 'node:http'
import { readZipkin } from '../formats/read-zipkin.ts'
import { asHttpError } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { isObject, type JsonObject } from '../model/json-fields.ts'
import type { Decoded } from '../model/rows.ts'
import { countMetrics } from '../otlp/count-metrics.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import { decodeLogs } from '../otlp/decode-logs.ts'
import { decodeTraces } from '../otlp/decode-traces.ts'
import { readOtlpJson } from '../otlp/read-json.ts'
import { answerExport, answerExportError, type ExportFormat } from './export-answer.ts'
import { explainGrpc } from './grpc.ts'
import { checkJsonSize } from './json-size.ts'
import { asIngestError, takeExport } from './take-export.ts'
import type { ViewerState } from './viewer-state.ts'

/** Where something can be sent to, and what reads it. */
export const DECODERS: Readonly<Record<string, (body: Buffer, context: DecodeContext) => Decoded>> =
  {
    '/v1/traces': decodeTraces,
    '/v1/logs': decodeLogs,
    '/v1/metrics': countMetrics,
  }
const ZIPKIN = '/api/v2/spans'

/** True for a path that spans, log lines or metrics are sent to, unless the method reads: Zipkin has one path for both. */
export function isIngestPath(path: string, method?: string): boolean {
  return Object.hasOwn(DECODERS, path) || (path === ZIPKIN && method !== 'GET' && method !== 'HEAD')
}

/** Takes one export request in: OTLP over HTTP, or Zipkin v2 JSON. Never throws. */
export function ingest(
  state: ViewerState,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const format = formatOf(request, path)
  return takeExport(state, {
    path,
    format,
    from: request.socket.remoteAddress ?? '',
    headers: request.headers,
    encoding: request.headers['content-encoding'] ?? 'identity',
    success: format === 'zipkin' ? 202 : 200,
    read: () => {
      checkFormat(format, request, path, state)
      return state.bodies.read(request)
    },
    decode: (bytes) => decode(bytes, format, path, state.context),
    answer: (rejected, reason) => answerExport(response, format, rejected, reason),
    refuse: (error) => answerExportError(response, format, error),
  })
}

/** Answers an export that is not looked into, as that of a sender without the token. */
export function refuseExport(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  reason: unknown,
): void {
  answerExportError(response, formatOf(request, path), asIngestError(reason))
}

function formatOf(request: IncomingMessage, path: string): ExportFormat {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type.startsWith('application/grpc')) return 'grpc'
  if (path === ZIPKIN) return type === 'application/json' ? 'zipkin' : 'unknown'
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : 'unknown'
}

function checkFormat(
  format: ExportFormat,
  request: IncomingMessage,
  path: string,
  state: ViewerState,
): void {
  if (format === 'grpc') throw new HttpError(415, explainGrpc(state.grpcUrl))
  if (format !== 'unknown') return
  const type = request.headers['content-type'] ?? 'none'
  const what =
    path === ZIPKIN
      ? 'send Zipkin spans as application/json'
      : 'send application/x-protobuf or application/json'
  throw new HttpError(415, `Content-Type ${type} is not supported here: ${what}.`)
}

function decode(
  bytes: Buffer,
  format: ExportFormat,
  path: string,
  context: DecodeContext,
): Decoded {
  const decoder = DECODERS[path]
  if (format === 'protobuf' && decoder !== undefined) return decoder(bytes, context)
  const value = parseJson(bytes)
  if (format !== 'zipkin') return readOtlpJson(requestOf(value), context)
  if (!Array.isArray(value)) throw new HttpError(400, 'Zipkin v2 JSON must be a list of spans.')
  return readZipkin(value, context)
}

function requestOf(value: unknown): JsonObject {
  if (isObject(value)) return value
  throw new HttpError(400, 'OTLP JSON must be one object, as {"resourceSpans": […]}, not a list.')
}

function parseJson(bytes: Buffer): unknown {
  checkJsonSize(bytes)
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${asHttpError(error).message}`)
  }
  throw new HttpError(400, 'The body is JSON, but not an object or a list.')
}
