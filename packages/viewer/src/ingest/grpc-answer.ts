import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { HttpError } from '../http/errors.ts'
import { encodePartialSuccess, encodeRetryStatus, rpcCodeOf } from '../otlp/encode-response.ts'
import { ACCEPTED_ENCODINGS, wrapMessage } from './grpc-message.ts'

const NO_ERROR = 0
const [OK, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNAVAILABLE] = [0, 8, 12, 14]
/** Where gRPC says something else than OTLP over HTTP does. */
const CODES: Readonly<Record<number, number>> = {
  404: UNIMPLEMENTED,
  413: RESOURCE_EXHAUSTED,
  415: UNIMPLEMENTED,
  // Exporters try RESOURCE_EXHAUSTED again only with a pause, and UNAVAILABLE in any case (OTLP 1.11, Failures).
  429: UNAVAILABLE,
}

const HEAD: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': ACCEPTED_ENCODINGS,
}

/** Answers a call that was taken in. A reason while nothing was rejected is a warning. */
export function answerCall(stream: ServerHttp2Stream, rejected: number, reason: string): void {
  if (stream.destroyed || stream.headersSent) return
  const message = rejected > 0 ? `${rejected} refused: ${reason}` : reason
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(OK) }))
  stream.respond(HEAD, { waitForTrailers: true })
  stream.end(wrapMessage(encodePartialSuccess(rejected, message)))
}

/** Answers a call with the status that says best why it was refused. */
export function refuseCall(stream: ServerHttp2Stream, error: HttpError): void {
  if (stream.destroyed || stream.headersSent) return
  const { status, message, headers } = error
  const code = CODES[status] ?? rpcCodeOf(status)
  const pause = Number(headers['retry-after'])
  const details =
    pause > 0
      ? { 'grpc-status-details-bin': encodeRetryStatus(code, message, pause).toString('base64') }
      : {}
  stream.respond(
    { ...HEAD, 'grpc-status': String(code), 'grpc-message': percentEncoded(message), ...details },
    { endStream: true },
  )
  // What the sender still has to send is not read (RFC 9113, section 8.1).
  if (!stream.readableEnded) stream.close(NO_ERROR)
}

/** A text as `grpc-message` has it (gRPC over HTTP/2, Responses). */
function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : escaped(byte)))
    .join('')
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e && byte !== 0x25
}

function escaped(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
