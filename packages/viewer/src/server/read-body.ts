import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { errorCode } from './error-code.ts'
import { createGate, type Gate } from './gate.ts'
import { HttpError } from './http-error.ts'

/** A request's body, and how many bytes came over the wire. */
export interface Body {
  readonly bytes: Buffer
  readonly wireBytes: number
  readonly encoding: string
}

/** Reads bodies, and keeps what all of them together hold within bounds. */
export interface BodyReader {
  /** @throws HttpError 400, 413, 415 or 429 */
  read(request: IncomingMessage): Promise<Body>
}

/** The bounds of a body reader. */
export interface BodyLimits {
  /** Bytes of one body, also when it is unpacked. */
  readonly maxBody: number
  /** Requests that are read at once. */
  readonly maxRequests: number
  /** Bytes of all bodies that are being read. */
  readonly maxWaiting: number
}

const UNPACKED_AT_ONCE = 4
const gunzipped = promisify(gunzip)
const inflated = promisify(inflate)
const inflatedRaw = promisify(inflateRaw)

/** Makes a reader of bodies. */
export function createBodyReader(limits: BodyLimits): BodyReader {
  const gate = createGate(UNPACKED_AT_ONCE)
  let requests = 0
  let waiting = 0
  const add = (bytes: number): void => {
    waiting += bytes
    if (waiting > limits.maxWaiting) throw tooBusy()
  }
  return {
    async read(request) {
      if (requests >= limits.maxRequests) throw tooBusy()
      requests += 1
      let own = 0
      try {
        const chunks = await collect(request, limits.maxBody, (bytes) => {
          own += bytes
          add(bytes)
        })
        return await unpack(request, chunks, limits.maxBody, gate)
      } finally {
        request.resume()
        requests -= 1
        waiting -= own
      }
    },
  }
}

function tooBusy(): HttpError {
  return new HttpError(429, 'The viewer is busy; send it again in a second.', {
    'retry-after': '1',
  })
}

function tooLarge(maxBody: number): HttpError {
  const mebibytes = Math.round((maxBody / 1024 / 1024) * 10) / 10
  return new HttpError(413, `The body is larger than ${mebibytes} MiB; send fewer spans at once.`)
}

async function collect(
  request: IncomingMessage,
  maxBody: number,
  onBytes: (bytes: number) => void,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBody) throw tooLarge(maxBody)
  const chunks: Buffer[] = []
  let size = 0
  try {
    // The socket stays open, so that a refusal can still be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes: Buffer = chunk
      size += bytes.length
      if (size > maxBody) throw tooLarge(maxBody)
      onBytes(bytes.length)
      chunks.push(bytes)
    }
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'The request was broken off.')
  }
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
}

async function unpack(
  request: IncomingMessage,
  packed: Buffer,
  maxBody: number,
  gate: Gate,
): Promise<Body> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const wireBytes = packed.length
  if (encoding === 'identity' || encoding === '')
    return { bytes: packed, wireBytes, encoding: 'identity' }
  if (encoding !== 'gzip' && encoding !== 'deflate')
    throw new HttpError(
      415,
      `Content-Encoding ${encoding} is not known; send gzip, deflate or none.`,
    )
  const options = { maxOutputLength: maxBody }
  const unpacked = encoding === 'gzip' ? gunzipped : isZlib(packed) ? inflated : inflatedRaw
  try {
    return { bytes: await gate.pass(() => unpacked(packed, options)), wireBytes, encoding }
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBody)
    throw new HttpError(400, `The body is not ${encoding}.`)
  }
}

/** Some senders of "deflate" leave the zlib header out. */
function isZlib(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0
}
