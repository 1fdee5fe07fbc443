import { HttpError } from '../http/errors.ts'
import type { Encoding, Packed } from './read-body.ts'

const PREFIX_BYTES = 5

/** What a message may be compressed with, as `grpc-accept-encoding` lists it. */
export const ACCEPTED_ENCODINGS = 'identity,gzip,deflate'

/**
 * How the messages of a call are compressed, by its header `grpc-encoding`.
 *
 * @throws HttpError 415
 */
export function grpcEncodingOf(header: string | string[] | undefined): Encoding {
  const encoding = String(header ?? 'identity')
  if (encoding === 'identity' || encoding === 'gzip' || encoding === 'deflate') return encoding
  throw new HttpError(
    415,
    `grpc-encoding ${encoding.slice(0, 100)} is not supported; use gzip, deflate or none.`,
  )
}

/**
 * Takes the only message out of the body of a unary call (gRPC over HTTP/2, Length-Prefixed-Message).
 *
 * @throws HttpError 400 when there is not exactly one
 */
export function unwrapMessage(whole: Buffer, encoding: Encoding): Packed {
  if (whole.length < PREFIX_BYTES) throw new HttpError(400, 'The call has no message.')
  const flag = whole[0] ?? 0
  const length = whole.readUInt32BE(1)
  const bytes = whole.subarray(PREFIX_BYTES)
  if (bytes.length < length) throw new HttpError(400, 'The message of the call is cut off.')
  if (bytes.length > length)
    throw new HttpError(400, 'The call has more than one message; Export takes one.')
  if (flag > 1) throw new HttpError(400, 'The message of the call has an unknown flag.')
  if (flag === 1 && encoding === 'identity')
    throw new HttpError(400, 'The message is compressed, but grpc-encoding does not say how.')
  return { bytes, encoding: flag === 1 ? encoding : 'identity' }
}

/** A message as it is sent, not compressed. */
export function wrapMessage(bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([prefix, bytes])
}
