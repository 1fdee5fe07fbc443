import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, type Type } from 'protobufjs'

const { root } = parse(readFileSync(join(__dirname, 'otlp.proto'), 'utf8'), {
  keepCase: false,
})

/** A message of OTLP as protobufjs knows it. */
export function message(name: string): Type {
  return root.lookupType(`otlp.${name}`)
}

/** Encodes an object as a message of OTLP; bytes as Buffers, 64-bit numbers as numbers or strings of digits. */
export function encode(name: string, value: object): Buffer {
  const type = message(name)
  return Buffer.from(type.encode(type.fromObject(value)).finish())
}

/** Decodes a message of OTLP to a plain object. */
export function decode(name: string, bytes: Uint8Array): Record<string, unknown> {
  const type = message(name)
  return type.toObject(type.decode(bytes), { longs: String, bytes: Buffer })
}
