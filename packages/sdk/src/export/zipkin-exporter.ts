import { type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'
import type { WireFormat } from './collector-exporter.ts'

/** A span as Zipkin's API v2 takes it (zipkin2-api.yaml); times in whole microseconds. */
export interface ZipkinSpan {
  readonly traceId: string
  readonly id: string
  readonly parentId?: string
  readonly kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER'
  readonly name: string
  readonly timestamp: number
  readonly duration: number
  readonly localEndpoint: { readonly serviceName: string }
  readonly remoteEndpoint?: ZipkinEndpoint
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[]
  readonly tags?: Readonly<Record<string, string>>
}

interface ZipkinEndpoint {
  readonly serviceName: string
  readonly port?: number
}

const KINDS = {
  [SpanKind.INTERNAL]: undefined,
  [SpanKind.SERVER]: 'SERVER',
  [SpanKind.CLIENT]: 'CLIENT',
  [SpanKind.PRODUCER]: 'PRODUCER',
  [SpanKind.CONSUMER]: 'CONSUMER',
} as const

// OpenTelemetry to Zipkin, "Remote endpoint": the first that is there names the other side.
const REMOTE_NAMES = [
  'service.peer.name',
  'peer.service',
  'server.address',
  'network.peer.address',
  'db.namespace',
]

/** Zipkin v2 JSON, by the OpenTelemetry specification "Trace / SDK exporters / Zipkin". */
export const zipkinFormat: WireFormat = {
  contentType: 'application/json',
  serialize: (spans) => Buffer.from(JSON.stringify(spans.map(toZipkinSpan))),
  accepted() {},
}

/** One ended span in Zipkin's form. */
export function toZipkinSpan(span: ReadableSpan): ZipkinSpan {
  const { traceId, spanId } = span.spanContext()
  const kind = KINDS[span.kind]
  const parentId = span.parentSpanContext?.spanId
  const remoteEndpoint = toRemoteEndpoint(span)
  return {
    traceId,
    id: spanId,
    ...(parentId !== undefined && { parentId }),
    ...(kind !== undefined && { kind }),
    name: span.name,
    timestamp: toMicros(span.startTime),
    duration: Math.max(1, toMicros(span.duration)),
    localEndpoint: { serviceName: String(span.resource.attributes['service.name']) },
    ...(remoteEndpoint !== undefined && { remoteEndpoint }),
    ...(span.events.length > 0 && { annotations: span.events.map(toAnnotation) }),
    tags: toTags(span),
  }
}

function toMicros([seconds, nanos]: HrTime): number {
  return seconds * 1_000_000 + Math.floor(nanos / 1000)
}

function toRemoteEndpoint(span: ReadableSpan): ZipkinEndpoint | undefined {
  if (span.kind !== SpanKind.CLIENT && span.kind !== SpanKind.PRODUCER) return undefined
  const name = REMOTE_NAMES.map((key) => span.attributes[key]).find((value) => value !== undefined)
  if (name === undefined) return undefined
  const port = span.attributes['server.port']
  return { serviceName: String(name), ...(typeof port === 'number' && { port }) }
}

function toAnnotation(event: TimedEvent): { timestamp: number; value: string } {
  const attributes = event.attributes ?? {}
  const plain = Object.keys(attributes).length === 0
  const value = plain ? event.name : `${JSON.stringify(event.name)}:${JSON.stringify(attributes)}`
  return { timestamp: toMicros(event.time), value }
}

function toTags(span: ReadableSpan): Record<string, string> {
  const tags: Record<string, string> = {}
  const add = (key: string, value: unknown): void => {
    if (value !== undefined && value !== 0) tags[key] = toText(value)
  }
  for (const [key, value] of Object.entries(span.resource.attributes)) tags[key] = toText(value)
  for (const [key, value] of Object.entries(span.attributes)) tags[key] = toText(value)
  add('otel.scope.name', span.instrumentationScope.name)
  add('otel.scope.version', span.instrumentationScope.version)
  add('otel.dropped_attributes_count', span.droppedAttributesCount)
  add('otel.dropped_events_count', span.droppedEventsCount)
  add('otel.dropped_links_count', span.droppedLinksCount)
  if (span.status.code === SpanStatusCode.OK) tags['otel.status_code'] = 'OK'
  if (span.status.code === SpanStatusCode.ERROR) {
    tags['otel.status_code'] = 'ERROR'
    tags.error = span.status.message ?? ''
  }
  return tags
}

function toText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
