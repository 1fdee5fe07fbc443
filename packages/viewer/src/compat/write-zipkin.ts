import { attribute, firstAttribute, textOf } from '../model/attributes.ts'
import { PEER, PEER_PORT } from '../model/conventions.ts'
import { ERROR, KINDS, type SpanRow, Unknown } from '../model/rows.ts'

/** A trace as a list of Zipkin v2 spans (zipkin2-api.yaml, Span). */
export function toZipkinJson(record: {
  readonly id: string
  readonly spans: readonly SpanRow[]
}): unknown[] {
  return record.spans.map((span) => spanJson(record.id, span))
}

function spanJson(traceId: string, span: SpanRow): unknown {
  const peer = textOf(firstAttribute(span, PEER))
  return {
    traceId,
    id: span.id,
    parentId: span.parent || undefined,
    kind: span.kind >= 2 ? KINDS[span.kind]?.toUpperCase() : undefined,
    name: span.name.toLowerCase(),
    timestamp: span.unknown & Unknown.begin ? undefined : span.micros,
    duration:
      span.unknown & Unknown.duration ? undefined : Math.max(1, Math.round(span.duration / 1000)),
    localEndpoint: { serviceName: span.resource.service.toLowerCase() },
    remoteEndpoint: peer === '' ? undefined : remote(span, peer),
    annotations: span.events.map((event) => ({ timestamp: event.micros, value: event.name })),
    tags: tagsOf(span),
  }
}

function remote(span: SpanRow, peer: string): unknown {
  const port = firstAttribute(span, PEER_PORT)
  return { serviceName: peer.toLowerCase(), port: typeof port === 'number' ? port : undefined }
}

function tagsOf(span: SpanRow): Record<string, string> {
  const tags: Record<string, string> = Object.create(null)
  for (const key of span.shape.keys) tags[key] = textOf(attribute(span, key))
  if (span.status === ERROR) tags.error ??= span.message || 'true'
  if (span.scope.name !== '') tags['otel.scope.name'] = span.scope.name
  return tags
}
