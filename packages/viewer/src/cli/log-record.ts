import { isObject, type JsonObject, textField } from '../formats/json-fields.ts'

const LEVELS: Readonly<Record<string, number>> = {
  trace: 1,
  debug: 5,
  verbose: 5,
  http: 9,
  info: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  fatal: 21,
  critical: 21,
}
const FIELDS = ['trace_id', 'span_id', 'trace_flags', 'traceId', 'spanId', 'level', 'severity']
const TIMES = ['time', 'timestamp', 'ts', '@timestamp']
const BODIES = ['msg', 'message']
const NOISE = ['pid', 'hostname', 'v']

/**
 * A JSON log line (of pino, winston, bunyan and the like) as an OTLP JSON LogRecord; undefined for a
 * line that is no JSON object.
 */
export function logRecord(line: string, now: number): Record<string, unknown> | undefined {
  if (!line.startsWith('{') || line.length > 200_000) return undefined
  const fields = parse(line)
  if (fields === undefined) return undefined
  const level = severityOf(fields.level ?? fields.severity)
  const used = [...FIELDS, ...TIMES, ...BODIES, ...NOISE]
  return {
    timeUnixNano: `${Math.round(timeOf(fields, now) * 1000)}000`,
    severityNumber: level,
    body: { stringValue: textField(fields.msg) || textField(fields.message) || line },
    traceId: textField(fields.trace_id) || textField(fields.traceId) || undefined,
    spanId: textField(fields.span_id) || textField(fields.spanId) || undefined,
    attributes: Object.entries(fields)
      .filter(([key]) => !used.includes(key))
      .map(([key, value]) => ({ key, value: anyValue(value) })),
  }
}

function parse(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function severityOf(level: unknown): number | undefined {
  // Numbers as pino and bunyan have them: 10 trace, 20 debug, … 60 fatal.
  if (typeof level === 'number' && level >= 10 && level < 70)
    return (Math.floor(level / 10) - 1) * 4 + 1
  if (typeof level !== 'string') return undefined
  const name = level.toLowerCase()
  return Object.hasOwn(LEVELS, name) ? LEVELS[name] : undefined
}

function timeOf(fields: JsonObject, now: number): number {
  for (const name of TIMES) {
    const value = fields[name]
    const millis = typeof value === 'string' ? Date.parse(value) : value
    // A number of seconds is not taken for one of milliseconds.
    if (typeof millis === 'number' && millis > 1e11 && millis < 1e14) return millis
  }
  return now
}

function anyValue(value: unknown): Record<string, unknown> {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value }
  return value === null ? {} : { stringValue: JSON.stringify(value) }
}
