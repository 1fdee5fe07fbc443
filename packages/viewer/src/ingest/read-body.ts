import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { errorCode, HttpError } from '../http/errors.ts'
import { createSemaphore } from '../http/semaphore.ts'
import { type IncomingBody, receiveBody } from './incoming-body.ts'

/** A request's body, and how many bytes came over the wire. */
export interface Body {
  readonly bytes: Buffer
  readonly wireBytes: number
  readonly encoding: string
}

/** Reads bodies, and keeps what all of them together hold within bounds. */
export interface BodyReader {
  /** Bytes of all bodies that are coming in or being unpacked. */
  readonly waiting: number
  /** @throws HttpError 400, 408, 413, 415 or 429 */
  read(request: IncomingMessage): Promise<Body>
  /**
   * Reads what is framed: `unwrap` finds in the whole what is to be unpacked.
   *
   * @throws HttpError 400, 408, 413 or 429
   */
  readFramed(stream: Readable, unwrap: Unwrap): Promise<Body>
}

/** Finds what is to be unpacked in a body that has arrived. */
export type Unwrap = (whole: Buffer) => Packed

/** What is to be unpacked, and how. */
export interface Packed {
  readonly bytes: Buffer
  readonly encoding: Encoding
}

/** The bounds of a body reader. */
export interface BodyLimits {
  /** Bytes of one body, also when it is unpacked. */
  readonly maxBody: number
  /** Bytes of all bodies that are coming in or being unpacked. */
  readonly maxWaiting: number
  /** Bodies that are coming in. One costs next to nothing until its bytes come. */
  readonly maxIncoming: number
  /** Bodies that are there, and are unpacked or wait for it. */
  readonly maxUnpacking: number
  /** Milliseconds without a byte after which a body is given up. */
  readonly maxSilence: number
}

// Each may take twice the largest body meanwhile.
const MAX_PARALLEL_UNPACKS = 2
const gunzipped = promisify(gunzip)
const inflated = promisify(inflate)
const inflatedRaw = promisify(inflateRaw)

/**
 * Makes a reader of bodies. Under pressure the upload that has been idle longest is dropped first,
 * so that a silent sender does not keep out one that sends.
 */
export function createBodyReader(limits: BodyLimits): BodyReader {
  return new BoundedReader(limits)
}

class BoundedReader implements BodyReader {
  waiting = 0
  private unpacking = 0
  // The one that has been silent longest comes first.
  private readonly incoming = new Set<IncomingBody>()
  private readonly semaphore = createSemaphore(MAX_PARALLEL_UNPACKS)
  private readonly limits: BodyLimits

  constructor(limits: BodyLimits) {
    this.limits = limits
  }

  async read(request: IncomingMessage): Promise<Body> {
    const { maxBody } = this.limits
    const encoding = encodingOf(request)
    if (Number(request.headers['content-length'] ?? 0) > maxBody) throw tooLarge(maxBody)
    return this.readFramed(request, (bytes) => ({ bytes, encoding }))
  }

  async readFramed(stream: Readable, unwrap: Unwrap): Promise<Body> {
    const body = this.receive(stream)
    try {
      const whole = await body.whole
      this.incoming.delete(body)
      return await this.unpack(unwrap(whole))
    } finally {
      this.waiting -= body.size
      stream.resume()
    }
  }

  private receive(request: Readable): IncomingBody {
    const { maxBody, maxIncoming, maxSilence } = this.limits
    const [mostSilent] = this.incoming
    if (this.incoming.size >= maxIncoming) mostSilent?.end(tooBusy())
    const body = receiveBody(request, {
      maxSilence,
      onBytes: (more) => {
        this.waiting += more
        this.incoming.delete(body)
        if (more < 0) return
        this.incoming.add(body)
        if (body.size > maxBody) body.end(tooLarge(maxBody))
        this.makeRoom()
      },
    })
    this.incoming.add(body)
    return body
  }

  private makeRoom(): void {
    for (const body of this.incoming) {
      if (this.waiting <= this.limits.maxWaiting) return
      if (body.size > 0) body.end(tooBusy())
    }
  }

  private async unpack({ bytes: packed, encoding }: Packed): Promise<Body> {
    const wireBytes = packed.length
    if (encoding === 'identity') return { bytes: packed, wireBytes, encoding }
    if (this.unpacking >= this.limits.maxUnpacking) throw tooBusy()
    this.unpacking += 1
    try {
      const bytes = await this.semaphore.pass(() => unpacked(packed, encoding, this.limits.maxBody))
      return { bytes, wireBytes, encoding }
    } finally {
      this.unpacking -= 1
    }
  }
}

function tooBusy(): HttpError {
  return new HttpError(429, 'The viewer is busy; try again in a second.', {
    'retry-after': '1',
  })
}

function tooLarge(maxBody: number): HttpError {
  const mebibytes = Math.round((maxBody / 1024 / 1024) * 10) / 10
  return new HttpError(413, `The body is larger than ${mebibytes} MiB; send fewer spans at once.`)
}

/** What a body may be packed in. */
export type Encoding = 'identity' | 'gzip' | 'deflate'

function encodingOf(request: IncomingMessage): Encoding {
  const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return 'identity'
  if (encoding === 'gzip' || encoding === 'deflate') return encoding
  // RFC 9110, section 8.4.1.3.
  if (encoding === 'x-gzip') return 'gzip'
  throw new HttpError(
    415,
    `Content-Encoding ${encoding} is not supported; use gzip, deflate or none.`,
  )
}

async function unpacked(packed: Buffer, encoding: Encoding, maxBody: number): Promise<Buffer> {
  const options = { maxOutputLength: maxBody }
  const deflated = isZlib(packed) ? inflated : inflatedRaw
  try {
    return await (encoding === 'gzip' ? gunzipped : deflated)(packed, options)
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBody)
    throw new HttpError(400, `The body is not valid ${encoding} data.`)
  }
}

/** Some senders of "deflate" leave the zlib header out. */
function isZlib(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0
}
