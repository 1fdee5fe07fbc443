import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { QueryError } from '../query/query-error.ts'
import { HttpError } from './errors.ts'
import { createOutbox, type Sending } from './outbox.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Bytes of all answers that wait to be read, of every viewer in this process. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024
/** Milliseconds without reading after which an answer makes room for others. */
const MAX_SILENCE_MILLIS = 1000
/** Bytes of an answer that the system takes at once. */
const MAX_UNBOUNDED_BYTES = 64 * 1024
const SLICE_BYTES = 64 * 1024
/** What a stream holds besides the part that is on its way. */
const STREAM_BYTES = 256 * 1024
const outbox = createOutbox(MAX_WAITING_BYTES, MAX_SILENCE_MILLIS)

/** Headers of every answer that is not a page. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  answerBytes(response, Buffer.from(JSON.stringify(value)), {
    status,
    headers: { 'content-type': JSON_TYPE, ...headers },
  })
}

/** Answers with bytes of any type. */
export function answerBytes(
  response: ServerResponse,
  body: Buffer,
  { status = 200, headers }: { status?: number; headers: Readonly<Record<string, string>> },
): void {
  if (response.headersSent || response.destroyed) return
  const sending =
    body.length > MAX_UNBOUNDED_BYTES ? outbox.admit(response, body.length) : undefined
  if (sending === undefined && body.length > MAX_UNBOUNDED_BYTES) {
    refuseBusy(response)
    return
  }
  response.writeHead(status, { ...COMMON_HEADERS, ...headers, 'content-length': body.length })
  if (response.req.method === 'HEAD') response.end()
  else if (sending === undefined) response.end(body)
  else void pipeline(Readable.from(slices(body, sending)), response).catch(isGone)
}

function* slices(body: Buffer, sending: Sending): Iterable<Buffer> {
  for (let at = 0; at < body.length; at += SLICE_BYTES) {
    // All of it is kept until the last part is sent.
    sending.progress(body.length)
    yield body.subarray(at, at + SLICE_BYTES)
  }
}

function refuseBusy(response: ServerResponse): void {
  const { status, message, headers } = busy()
  const body = Buffer.from(JSON.stringify({ error: { message } }))
  const types = { 'content-type': JSON_TYPE, 'content-length': body.length }
  response.writeHead(status, { ...COMMON_HEADERS, ...headers, ...types }).end(body)
}

function busy(): HttpError {
  return new HttpError(429, 'Too many answers are waiting to be read; try again in a second.', {
    'retry-after': '1',
  })
}

/**
 * Answers with JSON in parts, no faster than it is read.
 *
 * @throws HttpError 429 when too many answers wait to be read
 */
export async function streamJson(
  response: ServerResponse,
  parts: Iterable<string>,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sending = outbox.admit(response, STREAM_BYTES)
  if (sending === undefined) throw busy()
  response.writeHead(200, { ...COMMON_HEADERS, 'content-type': JSON_TYPE, ...headers })
  if (response.req.method === 'HEAD') response.end()
  else await pipeline(Readable.from(noted(parts, sending)), response).catch(isGone)
}

function* noted(parts: Iterable<string>, sending: Sending): Iterable<string> {
  for (const part of parts) {
    sending.progress(STREAM_BYTES + part.length)
    yield part
  }
}

// The client is gone: there is nobody to tell.
function isGone(): void {}

/** The status and the sentence of what was thrown. */
export function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof QueryError) return new HttpError(400, error.message)
  return new HttpError(500, error instanceof Error ? error.message : String(error))
}

/** Answers with an error as API.md has it. */
export function answerError(response: ServerResponse, error: unknown): void {
  const { status, message, headers } = asHttpError(error)
  const place = error instanceof QueryError ? { at: error.at, length: error.length } : {}
  answerJson(response, { error: { message, ...place } }, status, headers)
}
