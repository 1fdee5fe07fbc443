import type { LogLine } from '@callchain/core/internal'
import { type Attributes, type HrTime, type SpanContext, trace } from '@opentelemetry/api'
import type { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer'
import type { LogLimits } from '../config/log-limits.ts'
import type { Redaction } from '../redact/redaction.ts'
import { type Fields, limitAttributes, logAttributes } from './log-attributes.ts'
import { severityOf } from './log-severity.ts'

/** A log record as OTLP's serialisers take it. */
export type LogRecord = Parameters<(typeof ProtobufLogsSerializer)['serializeRequest']>[0][number]

const SCOPE = { name: '@callchain/logs' }

/** What a record is made of, besides its line. */
export interface RecordSettings {
  readonly resource: { readonly attributes: Attributes }
  readonly redaction: Pick<Redaction, 'fields' | 'body'>
  readonly limits: LogLimits
  /** When the line was taken: the time of a line that has none. */
  readonly takenMillis: number
}

/** A logger's line as a record of the OpenTelemetry log data model; it has no time: when it was taken. */
export function toLogRecord(
  line: LogLine,
  { resource, redaction, limits, takenMillis }: RecordSettings,
): LogRecord {
  const fields = fieldsOf(line)
  const { level, msg = fields.message } = fields
  const said = redaction.fields(logAttributes(fields))
  const { attributes, dropped } = limitAttributes(said, limits)
  const { severityNumber, severityText } = severityOf(level)
  const spanContext = trace.getSpanContext(line.context) ?? spanContextIn(fields)
  const taken = millisToHrTime(takenMillis)
  return {
    hrTime: timeOf(fields) ?? taken,
    hrTimeObserved: taken,
    ...(spanContext !== undefined && { spanContext }),
    severityNumber,
    severityText,
    body: typeof msg === 'string' ? redaction.body(msg) : JSON.stringify(redaction.fields(fields)),
    attributes,
    droppedAttributesCount: dropped,
    resource,
    instrumentationScope: SCOPE,
  } as unknown as LogRecord
}

/** Severity number of a warning. */
const WARN = 13

/** Whether a line is a warning, or worse. */
export function isUrgent(line: LogLine): boolean {
  return severityOf(fieldsOf(line).level).severityNumber >= WARN
}

/** What the line says, as data: what JSON leaves out is left out. */
function fieldsOf({ line }: LogLine): Fields {
  try {
    const fields: unknown = JSON.parse(typeof line === 'string' ? line : JSON.stringify(line))
    if (typeof fields === 'object' && fields !== null) return fields as Fields
  } catch {
    // Not JSON, or with a cycle in it.
  }
  return { msg: typeof line === 'string' ? line.trim() : String(line.msg ?? line.message ?? '') }
}

function timeOf({ time, timestamp = time }: Fields): HrTime | undefined {
  const millis = typeof timestamp === 'number' ? timestamp : Date.parse(String(timestamp))
  return Number.isFinite(millis) ? millisToHrTime(millis) : undefined
}

function millisToHrTime(millis: number): HrTime {
  return [Math.trunc(millis / 1000), Math.round((millis % 1000) * 1e6)]
}

function spanContextIn({ trace_id, span_id, trace_flags }: Fields): SpanContext | undefined {
  if (typeof trace_id !== 'string' || typeof span_id !== 'string') return undefined
  return { traceId: trace_id, spanId: span_id, traceFlags: Number(trace_flags) || 0 }
}
