import type { IncomingHttpHeaders } from 'node:http'
import { asHttpError } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import type { Decoded } from '../model/rows.ts'
import { MalformedError } from '../otlp/wire-reader.ts'
import { accept, wordsFor } from './accept.ts'
import type { ExportFormat } from './export-answer.ts'
import { forwardedOf } from './forwarded.ts'
import type { Body } from './read-body.ts'
import { addSenderHints } from './sender-hints.ts'
import type { ViewerState } from './viewer-state.ts'

/** One request of an exporter, whatever its protocol. */
export interface IncomingExport {
  readonly path: string
  readonly format: ExportFormat
  readonly from: string
  readonly headers: IncomingHttpHeaders
  /** What its sender says that it is packed in. */
  readonly encoding: string
  /** The status of an answer that says that all is well. */
  readonly success: number
  read(): Promise<Body>
  decode(bytes: Buffer): Decoded
  /** `reason` says why some were rejected; without any, it is a warning. */
  answer(rejected: number, reason: string): void
  refuse(error: HttpError): void
}

/** Reads an export, keeps what is in it, answers it, and notes it in the log. Never throws. */
export async function takeExport(state: ViewerState, incoming: IncomingExport): Promise<void> {
  const { path, format, from, headers, encoding, success } = incoming
  const began = performance.now()
  let body: Body | undefined
  let decoded: Decoded | undefined
  let services: string[] = []
  let warning = ''
  let failure: HttpError | undefined
  try {
    body = await incoming.read()
    decoded = incoming.decode(body.bytes)
    accept(state.store, decoded)
    if (state.forward !== undefined)
      state.forward.send(forwardedOf(headers, { path, format, bytes: body.bytes }, decoded))
    services = state.log.addSenders(decoded, Date.now())
    warning = addSenderHints(state, decoded)
    incoming.answer(decoded.rejected, wordsFor(decoded.reasons))
  } catch (error) {
    failure = asIngestError(error)
    incoming.refuse(failure)
  }
  state.log.addExport({
    ...{ time: Date.now(), from, path, format, services },
    userAgent: headers['user-agent'],
    encoding: body?.encoding ?? encoding,
    bytes: body?.wireBytes ?? 0,
    rawBytes: body?.bytes.length ?? 0,
    spans: decoded?.spans.length ?? 0,
    logs: decoded?.logs.length ?? 0,
    metrics: decoded?.metrics ?? 0,
    rejected: decoded?.rejected ?? 0,
    status: failure?.status ?? success,
    error: failure?.message,
    warning: wordsFor(decoded?.reasons ?? []) || warning || undefined,
    took: Math.round((performance.now() - began) * 1000) / 1000,
  })
}

/** What a sender is told of something that was thrown. */
export function asIngestError(error: unknown): HttpError {
  if (error instanceof MalformedError)
    return new HttpError(400, `The body is not a valid protobuf message: ${error.message}.`)
  // Only the texts that the body nests too deep overflow the stack.
  if (error instanceof RangeError) return new HttpError(400, 'The body is nested too deeply.')
  return asHttpError(error)
}
