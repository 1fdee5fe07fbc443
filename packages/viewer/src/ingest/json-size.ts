import { HttpError } from '../http/errors.ts'

const UNCHECKED_BYTES = 4 * 1024 * 1024
const MAX_VALUES = 8_000_000

/**
 * Refuses a body of JSON whose values would take many times its own size: `[{},{},…` is three bytes
 * each, and dozens when it is parsed. What exporters send has one value in a dozen bytes or more.
 *
 * @throws HttpError 413
 */
export function checkJsonSize(bytes: Buffer): void {
  if (bytes.length < UNCHECKED_BYTES) return
  if (countValues(bytes) > MAX_VALUES)
    throw new HttpError(413, `The body has more than ${MAX_VALUES} values; send fewer at once.`)
}

/** About how many values: every `,` `{` and `[` outside of texts begins one. */
function countValues(bytes: Buffer): number {
  let values = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === 0x22) at = endOfText(bytes, at)
    else if (byte === 0x2c || byte === 0x7b || byte === 0x5b) values += 1
  }
  return values
}

function endOfText(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(0x22, start + 1)
  while (end > 0 && isEscaped(bytes, end)) end = bytes.indexOf(0x22, end + 1)
  return end < 0 ? bytes.length : end
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let slashes = 0
  while (bytes[at - 1 - slashes] === 0x5c) slashes += 1
  return slashes % 2 === 1
}
