import type { Socket } from 'node:net'
import { urlOf } from '../address/host.ts'
import { errorCode } from '../http/errors.ts'
import type { Listening } from '../http/listen.ts'
import { listenHttp2 } from '../http/listen-http2.ts'
import { ingestGrpc } from '../ingest/ingest-grpc.ts'
import type { ViewerState } from '../ingest/viewer-state.ts'
import type { ViewerOptions } from './viewer-options.ts'

const HTTP_PORT = 4318
const GRPC_PORT = 4317
const TLS_HANDSHAKE = 0x16

/** The port that options ask for; undefined when OTLP over gRPC is not to be received. */
export function grpcPortOf({
  port = HTTP_PORT,
  grpcPort,
}: Pick<ViewerOptions, 'port' | 'grpcPort'>): number | undefined {
  if (grpcPort === false) return undefined
  // A viewer on another port is a second one, or one of a test.
  return grpcPort ?? (port === HTTP_PORT ? GRPC_PORT : undefined)
}

/**
 * Receives OTLP over gRPC where the options ask for it. A port that nobody asked for by name may be taken:
 * then the receiver says so, and the rest works.
 *
 * @throws Error with one sentence when the port that was asked for cannot be had
 */
export async function listenForGrpc(
  state: ViewerState,
  options: ViewerOptions,
): Promise<Listening | undefined> {
  const { host = '127.0.0.1', grpcPort } = options
  const port = grpcPortOf(options)
  if (port === undefined) return undefined
  try {
    const listening = await listenHttp2(host, port, {
      onStream: (stream, headers) => void ingestGrpc(state, stream, headers),
      onOther: (socket, begin) => refuse(state, socket, begin),
    })
    state.grpcUrl = urlOf(host, listening.port)
    return listening
  } catch (error) {
    const sentence = sentenceFor(error, host, port)
    if (grpcPort !== undefined) throw new Error(sentence, { cause: error })
    state.log.addHint('grpc-port', sentence)
    return undefined
  }
}

function sentenceFor(error: unknown, host: string, port: number): string {
  const code = errorCode(error)
  const other =
    'choose another port with --grpc-port (grpcPort), or switch it off with "off" (false)'
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use by another program, so that OTLP over gRPC cannot be received there: ${other}.`
  if (code === 'EACCES')
    return `Port ${port} on ${host} is not allowed for this user, so that OTLP over gRPC cannot be received there: ${other}.`
  const reason = error instanceof Error ? error.message : String(error)
  return `The viewer cannot receive OTLP over gRPC on ${host}:${port}: ${reason}`
}

/** Tells a sender of another protocol what to change, in its own log where it can be. */
function refuse({ log, url, grpcUrl }: ViewerState, socket: Socket, begin: Buffer): void {
  const isTls = begin[0] === TLS_HANDSHAKE
  const message = isTls
    ? `The port for OTLP over gRPC takes it without TLS: send to ${grpcUrl}, or set OTEL_EXPORTER_OTLP_INSECURE=true.`
    : `This port takes OTLP over gRPC, but received something else: send OTLP over HTTP to ${url}, or set OTEL_EXPORTER_OTLP_PROTOCOL=grpc.`
  log.addHint(isTls ? 'grpc-tls' : 'grpc-http', message, socket.remoteAddress)
  if (isTls) {
    socket.destroy()
    return
  }
  const head = 'HTTP/1.1 415 Unsupported Media Type\r\nconnection: close\r\n'
  const type = 'content-type: text/plain; charset=utf-8\r\n'
  socket.end(`${head}${type}content-length: ${Buffer.byteLength(message)}\r\n\r\n${message}`)
  // Unread bytes would destroy the answer.
  socket.resume()
}
