import { cutText } from '../model/cut-text.ts'
import { type Decoded, type EventRow, type LinkRow, nothingDecoded } from '../model/rows.ts'
import { type Moment, momentOf } from '../model/time.ts'
import type { DecodeContext } from './decode-context.ts'
import { readGroups } from './read-groups.ts'
import { readKeyValue, readText } from './read-value.ts'
import { createSpanDraft, finishSpan, MAX_STATE_LENGTH, type SpanDraft } from './span-draft.ts'
import type { WireReader } from './wire-reader.ts'

/**
 * Reads an OTLP ExportTraceServiceRequest (opentelemetry-proto 1.11, trace.proto) into rows.
 *
 * @throws MalformedError when the body is not such a message; nothing of it counts then
 */
export function decodeTraces(body: Buffer, context: DecodeContext): Decoded {
  const decoded = nothingDecoded()
  readGroups(body, context, (reader, resource, scope) => {
    context.budget.reset()
    const draft = createSpanDraft(context, resource, scope)
    while (reader.field()) readSpanField(reader, context, draft)
    finishSpan(draft, context, decoded)
  })
  return decoded
}

function readSpanField(reader: WireReader, context: DecodeContext, draft: SpanDraft): void {
  switch (reader.tag) {
    case 0x30:
      draft.kind = reader.varint()
      break
    case 0x39:
      draft.start = readMoment(reader)
      break
    case 0x41:
      draft.end = readMoment(reader)
      break
    case 0x50:
      draft.droppedAttributes = reader.varint()
      break
    case 0x60:
      draft.droppedEvents = reader.varint()
      break
    case 0x70:
      draft.droppedLinks = reader.varint()
      break
    case 0x85:
      draft.flags = reader.fixed32()
      break
    default:
      readLengthField(reader, context, draft)
  }
}

function readLengthField(reader: WireReader, context: DecodeContext, draft: SpanDraft): void {
  switch (reader.tag) {
    case 0x0a:
      draft.trace = readId(reader, context, 16)
      break
    case 0x12:
      draft.id = readId(reader, context, 8)
      break
    case 0x1a:
      draft.state = readText(reader, context)
      break
    case 0x22:
      draft.parent = readId(reader, context, 8)
      break
    case 0x2a:
      draft.name = readText(reader, context)
      break
    case 0x4a:
      readKeyValue(reader, context, draft.attributes)
      break
    case 0x5a:
      draft.addEvent(readEvent(reader, context))
      break
    case 0x6a:
      draft.addLink(readLink(reader, context))
      break
    case 0x7a:
      readStatus(reader, context, draft)
      break
    default:
      reader.skip()
  }
}

function readId(reader: WireReader, context: DecodeContext, length: number): string {
  const start = reader.range()
  if (reader.position - start !== length) return ''
  if (length === 16) return context.texts.hex(reader.buffer, start, reader.position)
  return reader.buffer.toString('hex', start, reader.position)
}

function readMoment(reader: WireReader): Moment {
  reader.fixed64()
  return momentOf(reader.high, reader.low)
}

function readStatus(reader: WireReader, context: DecodeContext, draft: SpanDraft): void {
  const outer = reader.enter()
  while (reader.field()) {
    if (reader.tag === 0x12) draft.message = readText(reader, context)
    else if (reader.tag === 0x18) draft.status = reader.varint()
    else reader.skip()
  }
  reader.leave(outer)
}

function readEvent(reader: WireReader, context: DecodeContext): EventRow | undefined {
  context.work.count()
  if (context.budget.leavesOut()) return skipped(reader)
  const outer = reader.enter()
  const attributes = context.budget.collect()
  let time: Moment = { micros: 0, nanos: 0 }
  let name = ''
  while (reader.field()) {
    if (reader.tag === 0x09) time = readMoment(reader)
    else if (reader.tag === 0x12) name = readText(reader, context)
    else if (reader.tag === 0x1a) readKeyValue(reader, context, attributes)
    else reader.skip()
  }
  reader.leave(outer)
  const { shape, values } = attributes
  return { name: clipName(name, context), micros: time.micros, nanos: time.nanos, shape, values }
}

function readLink(reader: WireReader, context: DecodeContext): LinkRow | undefined {
  context.work.count()
  if (context.budget.leavesOut()) return skipped(reader)
  const outer = reader.enter()
  const attributes = context.budget.collect()
  let trace = ''
  let span = ''
  let state = ''
  while (reader.field()) {
    if (reader.tag === 0x0a) trace = readId(reader, context, 16)
    else if (reader.tag === 0x12) span = readId(reader, context, 8)
    else if (reader.tag === 0x1a) state = readText(reader, context)
    else if (reader.tag === 0x22) readKeyValue(reader, context, attributes)
    else reader.skip()
  }
  reader.leave(outer)
  if (trace === '' || span === '') return undefined
  const { shape, values } = attributes
  return { trace, span, state: cutText(state, MAX_STATE_LENGTH), shape, values }
}

function skipped(reader: WireReader): undefined {
  reader.skip()
}

function clipName(name: string, context: DecodeContext): string {
  return String(context.budget.clip(name))
}
