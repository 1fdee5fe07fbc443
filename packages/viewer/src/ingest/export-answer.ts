import type { ServerResponse } from 'node:http'
import { answerBytes, answerJson } from '../http/answer.ts'
import type { HttpError } from '../http/errors.ts'
import { encodePartialSuccess, encodeStatus, rpcCodeOf } from '../otlp/encode-response.ts'

/** What an export request is written in. */
export type ExportFormat = 'protobuf' | 'json' | 'zipkin' | 'grpc' | 'unknown'

const PROTOBUF = { 'content-type': 'application/x-protobuf' }

/**
 * Answers an export that was taken in, in the request's own format. A reason while nothing was
 * rejected is a warning (OTLP 1.11, Partial Success).
 */
export function answerExport(
  response: ServerResponse,
  format: ExportFormat,
  rejected: number,
  reason: string,
): void {
  const message = rejected > 0 ? `${rejected} refused: ${reason}` : reason
  const partialSuccess = { rejectedSpans: String(rejected), errorMessage: message }
  if (format === 'zipkin') answerBytes(response, Buffer.alloc(0), { status: 202, headers: {} })
  else if (format === 'protobuf')
    answerBytes(response, encodePartialSuccess(rejected, message), { headers: PROTOBUF })
  else answerJson(response, message === '' ? {} : { partialSuccess })
}

/** Answers an export that was refused with a google.rpc.Status in the request's own format. */
export function answerExportError(
  response: ServerResponse,
  format: ExportFormat,
  error: HttpError,
): void {
  const { status, message } = error
  const { headers } = error
  const code = rpcCodeOf(status)
  if (format === 'protobuf')
    answerBytes(response, encodeStatus(code, message), {
      status,
      headers: { ...headers, ...PROTOBUF },
    })
  else if (format === 'grpc')
    answerBytes(response, Buffer.alloc(0), {
      status: 200,
      headers: {
        ...headers,
        'content-type': 'application/grpc',
        'grpc-status': '12',
        'grpc-message': message.replace(/[^ -$&-~]/g, encodeURIComponent),
      },
    })
  else answerJson(response, { code, message }, status, headers)
}
