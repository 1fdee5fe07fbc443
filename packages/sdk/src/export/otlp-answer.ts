import type { OtlpProtocol } from '../config/options.ts'
import type { PartialSuccess } from './partial-success.ts'

/** Reads what a collector answers to OTLP, whatever the signal ("Partial Success", OTLP 1.11). Throws if it is not OTLP. */
export function otlpAnswer(protocol: OtlpProtocol): (answer: Uint8Array) => PartialSuccess {
  return protocol === 'http/json' ? readJson : readProtobuf
}

function readJson(answer: Uint8Array): PartialSuccess {
  const { partialSuccess } = JSON.parse(Buffer.from(answer).toString())
  const { rejectedSpans, rejectedLogRecords, rejectedDataPoints, errorMessage } =
    partialSuccess ?? {}
  return { rejected: rejectedSpans ?? rejectedLogRecords ?? rejectedDataPoints, errorMessage }
}

/** A response has one field, 1: the partial success, with a varint, 1, and a text, 2. */
function readProtobuf(answer: Uint8Array): PartialSuccess {
  const partial = fieldsOf(answer).get(1)
  const fields = partial instanceof Uint8Array ? fieldsOf(partial) : undefined
  const message = fields?.get(2)
  const errorMessage = message instanceof Uint8Array ? Buffer.from(message).toString() : undefined
  return { rejected: fields?.get(1), errorMessage }
}

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

/** The fields of a message by number, the last of each; what is not asked for is passed by. */
function fieldsOf(bytes: Uint8Array): Map<number, number | Uint8Array> {
  const fields = new Map<number, number | Uint8Array>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('the message ends too early')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
  const slice = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('the message ends too early')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = varint()
    const wireType = tag % 8
    const field = Math.floor(tag / 8)
    if (wireType === VARINT) fields.set(field, varint())
    else if (wireType === LENGTH_DELIMITED) fields.set(field, slice(varint()))
    else if (wireType === FIXED64) slice(8)
    else if (wireType === FIXED32) slice(4)
    else throw new RangeError(`there is no wire type ${wireType}`)
  }
  return fields
}
