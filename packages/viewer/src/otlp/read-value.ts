import type { AttributeCollector } from '../model/attribute-budget.ts'
import type { AttributeValue } from '../model/attribute-value.ts'
import type { DecodeContext } from './decode-context.ts'
import type { WireReader } from './wire-reader.ts'

const MAX_DEPTH = 32

/** Reads one KeyValue, whose message begins here, into the collector. */
export function readKeyValue(
  reader: WireReader,
  context: DecodeContext,
  into: AttributeCollector,
): void {
  if (context.budget.leavesOut()) {
    reader.skip()
    return
  }
  const outer = reader.enter()
  let key = ''
  let value: AttributeValue = null
  while (reader.field()) {
    if (reader.tag === 0x0a) key = readText(reader, context)
    else if (reader.tag === 0x12) value = readValue(reader, context, 0)
    else reader.skip()
  }
  reader.leave(outer)
  into.add(key, value)
}

/** Reads one AnyValue, whose message begins here; null for a kind that is not known. */
export function readValue(
  reader: WireReader,
  context: DecodeContext,
  depth: number,
): AttributeValue {
  const outer = reader.enter()
  let value: AttributeValue = null
  while (reader.field()) {
    const read = readOneOf(reader, context, depth)
    // The last one counts, as everywhere in protobuf.
    if (read !== undefined) value = read
  }
  reader.leave(outer)
  return value
}

function readOneOf(
  reader: WireReader,
  context: DecodeContext,
  depth: number,
): AttributeValue | undefined {
  switch (reader.tag) {
    case 0x0a:
      return readText(reader, context)
    case 0x10:
      return readBoolean(reader)
    case 0x18:
      return readInteger(reader)
    case 0x21:
      return reader.double()
    case 0x3a:
      return readBytes(reader)
    case 0x2a:
      if (depth < MAX_DEPTH) return readArray(reader, context, depth + 1)
      break
    case 0x32:
      if (depth < MAX_DEPTH) return readObject(reader, context, depth + 1)
  }
  reader.skip()
  return undefined
}

/** Reads a string field. */
export function readText(reader: WireReader, context: DecodeContext): string {
  const start = reader.range()
  return context.texts.text(reader.buffer, start, reader.position)
}

function readBoolean(reader: WireReader): boolean {
  reader.varint64()
  return reader.low !== 0 || reader.high !== 0
}

function readInteger(reader: WireReader): number | bigint {
  reader.varint64()
  return reader.signed64()
}

function readBytes(reader: WireReader): Uint8Array {
  const start = reader.range()
  return new Uint8Array(reader.buffer.subarray(start, reader.position))
}

function readArray(reader: WireReader, context: DecodeContext, depth: number): AttributeValue[] {
  const outer = reader.enter()
  const list: AttributeValue[] = []
  while (reader.field())
    if (reader.tag === 0x0a) {
      context.work.count()
      list.push(readValue(reader, context, depth))
    } else reader.skip()
  reader.leave(outer)
  // Without the spare room of a list that has grown.
  return list.slice()
}

function readObject(reader: WireReader, context: DecodeContext, depth: number): AttributeValue {
  const outer = reader.enter()
  const object: Record<string, AttributeValue> = Object.create(null)
  while (reader.field())
    if (reader.tag === 0x0a) readEntry(reader, context, depth, object)
    else reader.skip()
  reader.leave(outer)
  return object
}

function readEntry(
  reader: WireReader,
  context: DecodeContext,
  depth: number,
  into: Record<string, AttributeValue>,
): void {
  context.work.count()
  const outer = reader.enter()
  let key = ''
  let value: AttributeValue = null
  while (reader.field()) {
    if (reader.tag === 0x0a) key = readText(reader, context)
    else if (reader.tag === 0x12) value = readValue(reader, context, depth)
    else reader.skip()
  }
  reader.leave(outer)
  into[key] = value
}
