import { type AttributeValue, isList } from '../model/attribute-value.ts'
import type { Attributes } from '../model/attributes.ts'
import { type LogRow, type Resource, type Scope, type SpanRow, Unknown } from '../model/rows.ts'
import { toNanoString } from '../model/time.ts'

/** The rows of one trace, or of several. */
export interface OtlpSource {
  readonly traces: readonly { readonly id: string; readonly spans: readonly SpanRow[] }[]
  readonly logs: readonly LogRow[]
  /** Also spans without a time get one: where they are shown. Default: false. */
  readonly isPlaced?: boolean
}

/** Spans and log lines as OTLP JSON: `{ resourceSpans, resourceLogs }` (OTLP 1.11, JSON Protobuf Encoding). */
export function toOtlpJson({ traces, logs, isPlaced = false }: OtlpSource): {
  resourceSpans: unknown[]
  resourceLogs: unknown[]
} {
  const spans = traces.flatMap((trace) =>
    trace.spans.map((row) => ({ row, made: spanJson(trace.id, row, isPlaced) })),
  )
  const lines = logs.map((row) => ({ row, made: logJson(row) }))
  return {
    resourceSpans: grouped(spans).map(({ resource, scopes }) => ({
      resource,
      scopeSpans: scopes.map(({ scope, records }) => ({ scope, spans: records })),
    })),
    resourceLogs: grouped(lines).map(({ resource, scopes }) => ({
      resource,
      scopeLogs: scopes.map(({ scope, records }) => ({ scope, logRecords: records })),
    })),
  }
}

type Grouped = { resource: unknown; scopes: { scope: unknown; records: unknown[] }[] }[]

function grouped(
  records: readonly { row: { resource: Resource; scope: Scope }; made: unknown }[],
): Grouped {
  const groups = new Map<Resource, Map<Scope, unknown[]>>()
  for (const { row, made } of records) {
    const scopes = groups.get(row.resource) ?? new Map<Scope, unknown[]>()
    groups.set(row.resource, scopes)
    const list = scopes.get(row.scope)
    if (list === undefined) scopes.set(row.scope, [made])
    else list.push(made)
  }
  return [...groups].map(([resource, scopes]) => ({
    resource: { attributes: attributesJson(resource.attributes) },
    scopes: [...scopes].map(([{ name, version, attributes }, list]) => ({
      scope: { name, version, attributes: attributesJson(attributes) },
      records: list,
    })),
  }))
}

function spanJson(traceId: string, span: SpanRow, isPlaced: boolean): unknown {
  return {
    traceId,
    spanId: span.id,
    parentSpanId: span.parent || undefined,
    traceState: span.state || undefined,
    flags: span.flags || undefined,
    name: span.name,
    kind: span.kind,
    ...timeJson(span, isPlaced),
    attributes: attributesJson(span),
    droppedAttributesCount: span.dropped?.attributes,
    events: span.events.map((event) => ({
      timeUnixNano: toNanoString(event),
      name: event.name,
      attributes: attributesJson(event),
    })),
    droppedEventsCount: span.dropped?.events,
    links: span.links.map((link) => ({
      traceId: link.trace,
      spanId: link.span,
      traceState: link.state || undefined,
      attributes: attributesJson(link),
    })),
    droppedLinksCount: span.dropped?.links,
    status: { code: span.status || undefined, message: span.message || undefined },
  }
}

/** What the sender has left unsaid is left unsaid, unless who reads it needs a time. */
function timeJson(span: SpanRow, isPlaced: boolean): Record<string, string | undefined> {
  const lacks = (bits: number): boolean => !isPlaced && (span.unknown & bits) === bits
  const hasStart = !lacks(Unknown.begin) || !lacks(Unknown.duration)
  const hasEnd = !lacks(Unknown.duration) || !lacks(Unknown.place)
  return {
    startTimeUnixNano: hasStart ? toNanoString(span) : undefined,
    endTimeUnixNano: hasEnd ? toNanoString(span, span.duration) : undefined,
  }
}

function logJson(log: LogRow): unknown {
  return {
    timeUnixNano: toNanoString(log),
    severityNumber: log.severity || undefined,
    severityText: log.severityText || undefined,
    body: valueJson(log.body),
    attributes: attributesJson(log),
    flags: log.flags || undefined,
    traceId: log.trace || undefined,
    spanId: log.span || undefined,
    eventName: log.event || undefined,
  }
}

function attributesJson({ shape, values }: Attributes): unknown[] {
  return shape.keys.map((key, index) => ({ key, value: valueJson(values[index] ?? null) }))
}

function valueJson(value: AttributeValue): unknown {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: value.toString() }
  if (typeof value === 'number') return numberJson(value)
  if (value === null) return {}
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (isList(value)) return { arrayValue: { values: value.map(valueJson) } }
  const values = Object.entries(value).map(([key, each]) => ({ key, value: valueJson(each) }))
  return { kvlistValue: { values } }
}

function numberJson(value: number): unknown {
  if (Number.isSafeInteger(value)) return { intValue: String(value) }
  return { doubleValue: Number.isFinite(value) ? value : String(value) }
}
