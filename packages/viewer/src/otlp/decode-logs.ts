import type { AttributeCollector } from '../model/attribute-budget.ts'
import type { AttributeValue } from '../model/attribute-value.ts'
import { cutText } from '../model/cut-text.ts'
import { type Decoded, nothingDecoded, type Resource, type Scope } from '../model/rows.ts'
import { sizeOf } from '../model/size-of.ts'
import { type Moment, momentOf } from '../model/time.ts'
import type { DecodeContext } from './decode-context.ts'
import { readGroups } from './read-groups.ts'
import { readKeyValue, readText, readValue } from './read-value.ts'
import type { WireReader } from './wire-reader.ts'

/** A log line while its fields are read. */
export interface LogDraft {
  time: Moment
  observed: Moment
  severity: number
  severityText: string
  body: AttributeValue
  trace: string
  span: string
  event: string
  flags: number
  readonly attributes: AttributeCollector
}

const ZERO: Moment = { micros: 0, nanos: 0 }
const ROW_BYTES = 300

/**
 * Reads an OTLP ExportLogsServiceRequest (opentelemetry-proto 1.11, logs.proto) into rows.
 *
 * @throws MalformedError when the body is not such a message; nothing of it counts then
 */
export function decodeLogs(body: Buffer, context: DecodeContext): Decoded {
  const decoded = nothingDecoded()
  readGroups(body, context, (reader, resource, scope) => {
    context.budget.reset()
    const draft = createLogDraft(context)
    while (reader.field()) readLogField(reader, context, draft)
    finishLog(draft, context, { resource, scope }, decoded)
  })
  return decoded
}

/** Begins a log line. */
export function createLogDraft(context: DecodeContext): LogDraft {
  return {
    time: ZERO,
    observed: ZERO,
    severity: 0,
    severityText: '',
    body: null,
    trace: '',
    span: '',
    event: '',
    flags: 0,
    attributes: context.budget.collect(),
  }
}

/** Turns the draft into a row. A line without a time has the time at which it was observed, else now. */
export function finishLog(
  draft: LogDraft,
  context: DecodeContext,
  from: { resource: Resource; scope: Scope },
  into: Decoded,
): void {
  const { shape, values } = draft.attributes
  const body = context.budget.clip(draft.body)
  const time = [draft.time, draft.observed].find(({ micros }) => micros > 0)
  const { micros, nanos } = time ?? { micros: Date.now() * 1000, nanos: 0 }
  const event = cutText(draft.event, 256)
  into.logs.push({
    micros,
    nanos,
    severity: draft.severity <= 24 ? draft.severity : 0,
    severityText: cutText(draft.severityText, 32),
    body,
    trace: draft.trace,
    span: draft.span,
    event,
    flags: draft.flags,
    ...from,
    shape,
    values,
    bytes: ROW_BYTES + context.budget.used + sizeOf(body) + sizeOf(event),
  })
}

function readLogField(reader: WireReader, context: DecodeContext, draft: LogDraft): void {
  switch (reader.tag) {
    case 0x09:
      draft.time = readMoment(reader)
      break
    case 0x59:
      draft.observed = readMoment(reader)
      break
    case 0x10:
      draft.severity = reader.varint()
      break
    case 0x1a:
      draft.severityText = readText(reader, context)
      break
    case 0x2a:
      draft.body = readValue(reader, context, 0)
      break
    case 0x32:
      readKeyValue(reader, context, draft.attributes)
      break
    case 0x45:
      draft.flags = reader.fixed32()
      break
    case 0x4a:
      draft.trace = readHex(reader, 16)
      break
    case 0x52:
      draft.span = readHex(reader, 8)
      break
    case 0x62:
      draft.event = readText(reader, context)
      break
    default:
      reader.skip()
  }
}

function readMoment(reader: WireReader): Moment {
  reader.fixed64()
  return momentOf(reader.high, reader.low)
}

function readHex(reader: WireReader, length: number): string {
  const start = reader.range()
  const hex =
    reader.position - start === length ? reader.buffer.toString('hex', start, reader.position) : ''
  return /^0*$/.test(hex) ? '' : hex
}
