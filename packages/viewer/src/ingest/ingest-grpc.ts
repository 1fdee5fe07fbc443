import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { checkHostName, hasToken } from '../http/access.ts'
import { HttpError } from '../http/errors.ts'
import { answerCall, refuseCall } from './grpc-answer.ts'
import { grpcEncodingOf, unwrapMessage } from './grpc-message.ts'
import { DECODERS } from './ingest.ts'
import { asIngestError, takeExport } from './take-export.ts'
import { NEEDS_TOKEN, noteMissingToken } from './token-needed.ts'
import type { ViewerState } from './viewer-state.ts'

/** The method of each signal, and the path of the same over HTTP. */
const METHODS: Readonly<Record<string, string>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': '/v1/traces',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': '/v1/logs',
  // They are accepted and counted, as over HTTP: exporters that are refused say so every minute.
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': '/v1/metrics',
}

/** Takes one unary call of OTLP over gRPC in (OTLP 1.11, OTLP/gRPC). Never throws. */
export async function ingestGrpc(
  state: ViewerState,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  // A sender that goes away takes its stream with it.
  stream.on('error', () => {})
  const from = stream.session?.socket.remoteAddress ?? ''
  try {
    if (!isGrpc(headers)) return refuseOther(stream)
    checkCaller(state, headers, from)
    await takeCall(state, stream, headers, from)
  } catch (error) {
    refuseCall(stream, asIngestError(error))
  } finally {
    stream.resume()
  }
}

function takeCall(
  state: ViewerState,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  from: string,
): Promise<void> {
  const method = String(headers[':path'] ?? '')
  const path = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined
  const decoder = path === undefined ? undefined : DECODERS[path]
  if (path === undefined || decoder === undefined)
    throw new HttpError(
      404,
      `${method.slice(0, 100)} is not a method of OTLP: the viewer has Export of TraceService, LogsService and MetricsService.`,
    )
  const asked = headers['grpc-encoding']
  return takeExport(state, {
    ...{ path, from, format: 'grpc', success: 200 },
    headers,
    encoding: String(asked ?? 'identity'),
    read: () => {
      const encoding = grpcEncodingOf(asked)
      return state.bodies.readFramed(stream, (whole) => unwrapMessage(whole, encoding))
    },
    decode: (bytes) => decoder(bytes, state.context),
    answer: (rejected, reason) => answerCall(stream, rejected, reason),
    refuse: (error) => refuseCall(stream, error),
  })
}

/** As over HTTP: the token where there is one, else an address of this machine. */
function checkCaller(state: ViewerState, headers: IncomingHttpHeaders, from: string): void {
  if (state.token === undefined) {
    checkHostName(String(headers[':authority'] ?? headers.host ?? ''))
    return
  }
  if (hasToken({ headers }, state.token)) return
  noteMissingToken(state, from)
  throw new HttpError(401, NEEDS_TOKEN)
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  const type = String(headers['content-type'] ?? '').toLowerCase()
  return headers[':method'] === 'POST' && /^application\/grpc(?:\+proto)?(?:;|$)/.test(type)
}

// gRPC over HTTP/2, Requests: what is not gRPC gets an HTTP status.
function refuseOther(stream: ServerHttp2Stream): void {
  const head = { ':status': 415, 'content-type': 'text/plain; charset=utf-8' }
  stream.respond(head)
  stream.end('This port takes OTLP over gRPC, as application/grpc.\n')
}
