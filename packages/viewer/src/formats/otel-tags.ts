import { countField, textField } from '../model/json-fields.ts'
import { ERROR, type Scope } from '../model/rows.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import type { SpanDraft } from '../otlp/span-draft.ts'

/** The value of a span's tag; undefined when it has none of this key. */
export type TagOf = (key: string) => unknown

const SCOPE = ['otel.scope.name', 'otel.library.name']
const SCOPE_VERSION = ['otel.scope.version', 'otel.library.version']
const FIELDS: ReadonlySet<string> = new Set([
  ...SCOPE,
  ...SCOPE_VERSION,
  'otel.status_code',
  'otel.status_description',
  'w3c.tracestate',
  'otel.dropped_attributes_count',
  'otel.dropped_events_count',
  'otel.dropped_links_count',
])

/** True for a tag that OpenTelemetry's exporters write for what a row has a field for. */
export function isOtelField(key: string): boolean {
  return FIELDS.has(key)
}

/** The scope that a span's tags name (OpenTelemetry, Instrumentation Scope of non-OTLP exporters). */
export function scopeOfTags(tag: TagOf, format: string, context: DecodeContext): Scope {
  const name = first(tag, SCOPE)
  const version = first(tag, SCOPE_VERSION)
  return context.scope(JSON.stringify([format, name, version]), () => {
    context.budget.reset()
    return { name, version, attributes: context.budget.collect() }
  })
}

/**
 * Reads the tags that OpenTelemetry's exporters to other formats write into the fields of a span
 * (OpenTelemetry, Transformation to non-OTLP Formats: status, dropped counts, trace state).
 */
export function readOtelTags(tag: TagOf, draft: SpanDraft): void {
  draft.status = statusOf(tag('otel.status_code'))
  draft.message = textField(tag('otel.status_description'))
  draft.state = textField(tag('w3c.tracestate'))
  draft.droppedAttributes = countField(tag('otel.dropped_attributes_count'))
  draft.droppedEvents = countField(tag('otel.dropped_events_count'))
  draft.droppedLinks = countField(tag('otel.dropped_links_count'))
}

function statusOf(code: unknown): number {
  const name = String(code ?? '')
    .replace('STATUS_CODE_', '')
    .toUpperCase()
  if (name === 'ERROR' || name === '2') return ERROR
  return name === 'OK' || name === '1' ? 1 : 0
}

function first(tag: TagOf, keys: readonly string[]): string {
  for (const key of keys) {
    const text = textField(tag(key))
    if (text !== '') return text
  }
  return ''
}
