import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { QueryError } from '../query/query-error.ts'
import { HttpError } from './http-error.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Headers of every answer that is no page. */
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
  response.writeHead(status, { ...COMMON_HEADERS, ...headers, 'content-length': body.length })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** Answers with JSON that comes in parts, no faster than it is read. */
export async function streamJson(
  response: ServerResponse,
  parts: Iterable<string>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  response.writeHead(200, { ...COMMON_HEADERS, 'content-type': JSON_TYPE, ...headers })
  if (response.req.method !== 'HEAD') await pipeline(Readable.from(parts), response).catch(isGone)
  else response.end()
}

// Whoever asked has gone away: there is nobody to tell.
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
