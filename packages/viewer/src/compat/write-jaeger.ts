import type { AttributeValue } from '../model/attribute-value.ts'
import { type Attributes, toJson } from '../model/attributes.ts'
import { ERROR, KINDS, type Resource, type SpanRow, Unknown } from '../model/rows.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** Writes the spans of one trace, and then the processes that they refer to, in the JSON of Jaeger's legacy query API. */
export function createJaegerWriter(id: string): {
  spans(rows: readonly SpanRow[]): unknown[]
  processes(): Record<string, unknown>
} {
  const processes = new Map<Resource, string>()
  return {
    spans: (rows) =>
      rows.map((span) => {
        const process = processes.get(span.resource) ?? `p${processes.size + 1}`
        processes.set(span.resource, process)
        return spanJson(id, span, process)
      }),
    processes() {
      const described = [...processes].map(([resource, process]) => [
        process,
        { serviceName: resource.service, tags: tagsOf(resource.attributes, ['service.name']) },
      ])
      return Object.fromEntries(described)
    },
  }
}

/** A trace in the JSON of Jaeger's legacy query API. */
export function toJaegerJson(record: TraceRecord): Record<string, unknown> {
  const writer = createJaegerWriter(record.id)
  const spans = writer.spans(record.spans)
  return { traceID: record.id, spans, processes: writer.processes(), warnings: null }
}

function spanJson(traceID: string, span: SpanRow, processID: string): unknown {
  const references = span.links.map((link) => ({
    refType: 'FOLLOWS_FROM',
    traceID: link.trace,
    spanID: link.span,
  }))
  if (span.parent !== '') references.unshift({ refType: 'CHILD_OF', traceID, spanID: span.parent })
  return {
    traceID,
    spanID: span.id,
    operationName: span.name,
    references,
    startTime: span.micros,
    duration: Math.floor((span.nanos + span.duration) / 1000),
    tags: [...tagsOf(span), ...meaningOf(span)],
    logs: span.events.map((event) => ({
      timestamp: event.micros,
      fields: [{ key: 'event', type: 'string', value: event.name }, ...tagsOf(event)],
    })),
    processID,
    warnings: warningsOf(span),
  }
}

function warningsOf(span: SpanRow): string[] | null {
  const warnings = [
    ...(span.clipped ? ['An attribute was too long and was truncated.'] : []),
    ...(span.unknown & Unknown.begin ? ['Its start time is unknown.'] : []),
    ...(span.unknown & Unknown.duration ? ['Its duration is unknown.'] : []),
  ]
  return warnings.length === 0 ? null : warnings
}

function meaningOf(span: SpanRow): Tag[] {
  const tags: Tag[] = []
  if (span.kind > 0)
    tags.push({ key: 'span.kind', type: 'string', value: KINDS[span.kind] ?? 'internal' })
  if (span.scope.name !== '')
    tags.push({ key: 'otel.scope.name', type: 'string', value: span.scope.name })
  if (span.status === ERROR) tags.push({ key: 'error', type: 'bool', value: true })
  if (span.status > 0)
    tags.push({
      key: 'otel.status_code',
      type: 'string',
      value: span.status === ERROR ? 'ERROR' : 'OK',
    })
  if (span.message !== '')
    tags.push({ key: 'otel.status_description', type: 'string', value: span.message })
  return tags
}

interface Tag {
  readonly key: string
  readonly type: string
  readonly value: unknown
}

function tagsOf({ shape, values }: Attributes, without: readonly string[] = []): Tag[] {
  return shape.keys
    .map((key, index) => tagOf(key, values[index] ?? null))
    .filter(({ key }) => !without.includes(key))
}

function tagOf(key: string, value: AttributeValue): Tag {
  if (typeof value === 'boolean') return { key, type: 'bool', value }
  if (typeof value === 'number')
    return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value: toJson(value) }
  if (typeof value === 'bigint') return { key, type: 'int64', value: value.toString() }
  if (value instanceof Uint8Array)
    return { key, type: 'binary', value: Buffer.from(value).toString('base64') }
  return {
    key,
    type: 'string',
    value: typeof value === 'string' ? value : JSON.stringify(toJson(value)),
  }
}
