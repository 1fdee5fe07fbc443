import { isObject, type JsonObject, objectOf, textField } from '../model/json-fields.ts'

/** A log line that was understood. */
export interface ReadLine {
  /** The service that the line itself names; '' when it names none. */
  readonly service: string
  /** The line as an OTLP JSON LogRecord. */
  readonly record: Record<string, unknown>
}

const LEVELS: Readonly<Record<string, number>> = {
  silly: 1,
  trace: 1,
  debug: 5,
  verbose: 5,
  http: 9,
  info: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  crit: 18,
  critical: 18,
  alert: 19,
  fatal: 21,
  emerg: 21,
}
// The names with a dot are those of the Elastic Common Schema, which may also nest them.
const TRACES = ['trace_id', 'traceId', 'trace.id', 'logging.googleapis.com/trace']
const SPANS = ['span_id', 'spanId', 'span.id', 'logging.googleapis.com/spanId']
const SEVERITIES = ['level', 'severity', 'log.level']
const TIMES = ['time', 'timestamp', 'ts', '@timestamp']
const BODIES = ['msg', 'message']
const SAMPLED = ['trace_flags', 'logging.googleapis.com/trace_sampled']
const NOISE = ['pid', 'hostname', 'v', 'ecs.version', 'ecs', ...SAMPLED]
// bunyan and pino call the program by `name`; a child logger's other names are not the service's.
const SERVICES = ['service.name', 'service', 'serviceName', 'service_name', 'name', 'app']

/** Reads a JSON log line (of pino, winston, bunyan and the like); undefined for one that is not a JSON object. */
export function readLogLine(line: string, now: number): ReadLine | undefined {
  if (!line.startsWith('{') || line.length > 200_000) return undefined
  const fields = parse(line)
  if (fields === undefined) return undefined
  const { key, service } = serviceIn(fields)
  return { service, record: logRecord(fields, line, now, key) }
}

function logRecord(
  fields: JsonObject,
  line: string,
  now: number,
  serviceKey: string,
): Record<string, unknown> {
  const used = [...TRACES, ...SPANS, ...SEVERITIES, ...TIMES, ...BODIES, ...NOISE, serviceKey]
  return {
    timeUnixNano: `${Math.round(timeOf(fields, now) * 1000)}000`,
    severityNumber: severityOf(fields.level ?? fields.severity ?? nested(fields, 'log.level')),
    body: { stringValue: textField(fields.msg) || textField(fields.message) || line },
    traceId: idIn(fields, TRACES),
    spanId: idIn(fields, SPANS),
    attributes: Object.entries(fields)
      .filter(([key]) => !used.includes(key))
      .map(([key, value]) => ({ key, value: anyValue(value) })),
  }
}

function idIn(fields: JsonObject, names: readonly string[]): string | undefined {
  const texts = names.map((name) => textField(nested(fields, name)))
  // Google Cloud's begins with `projects/…/traces/`.
  return texts.find((text) => text !== '')?.replace(/^.*\//, '')
}

/** The field of this name; one with a dot may also be a field of an object. */
function nested(fields: JsonObject, name: string): unknown {
  const [outer = '', inner = ''] = name.split('.')
  return fields[name] ?? objectOf(fields[outer])[inner]
}

/** The first field that names the service; also `service: { name }`, as the Elastic Common Schema has it. */
function serviceIn(fields: JsonObject): { key: string; service: string } {
  for (const key of SERVICES) {
    const service = textField(fields[key]) || textField(objectOf(fields[key]).name)
    if (service !== '' && service.length <= 200) return { key, service }
  }
  return { key: '', service: '' }
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
    // A number of seconds is not read as milliseconds.
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
