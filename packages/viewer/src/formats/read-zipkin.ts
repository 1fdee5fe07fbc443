import type { AttributeCollector } from '../model/attribute-budget.ts'
import { type Decoded, ERROR, KINDS, nothingDecoded, type Scope } from '../model/rows.ts'
import { sharedId } from '../model/shared-id.ts'
import { type Moment, momentOfMicros } from '../model/time.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import { createSpanDraft, finishSpan } from '../otlp/span-draft.ts'
import { idField, type JsonObject, objectOf, objectsOf, textField } from './json-fields.ts'

const WHOLE_NUMBERS = /(?:^|\.)(?:port|status_code|count|size|number)$/

/** Reads a list of Zipkin v2 spans (zipkin2-api.yaml, Span). */
export function readZipkin(list: readonly unknown[], context: DecodeContext): Decoded {
  const decoded = nothingDecoded()
  const scope = context.scope('zipkin', () => {
    return { name: '', version: '', attributes: context.budget.collect() }
  })
  for (const span of objectsOf(list)) readSpan(span, context, scope, decoded)
  return decoded
}

function readSpan(span: JsonObject, context: DecodeContext, scope: Scope, into: Decoded): void {
  const service = textField(objectOf(span.localEndpoint).serviceName)
  const resource = context.resource(`zipkin ${service}`, () => {
    context.budget.reset()
    const attributes = context.budget.collect()
    if (service !== '') attributes.add('service.name', service)
    return attributes
  })
  context.budget.reset()
  const draft = createSpanDraft(context, resource, scope)
  draft.trace = traceField(span.traceId)
  draft.id = spanField(span.id)
  draft.parent = spanField(span.parentId)
  const kind = textField(span.kind).toLowerCase()
  draft.kind = Math.max(1, KINDS.indexOf(isKind(kind) ? kind : 'internal'))
  // A server that shares its client's span id is a span of its own here, below the client's.
  if (span.shared === true && draft.id !== '') {
    draft.parent = draft.id
    draft.id = sharedId(draft.id)
  }
  draft.name = context.texts.share(textField(span.name))
  draft.start = momentOfMicros(span.timestamp)
  draft.end = endOf(span.timestamp, span.duration)
  addTags(objectOf(span.tags), context, draft.attributes)
  addRemote(objectOf(span.remoteEndpoint), draft.attributes)
  const { error } = objectOf(span.tags)
  if (error !== undefined && error !== 'false') {
    draft.status = ERROR
    draft.message = error === 'true' ? '' : textField(error)
  }
  for (const annotation of objectsOf(span.annotations)) {
    const { shape, values } = context.budget.collect()
    const name = String(context.budget.clip(textField(annotation.value)))
    draft.addEvent({ name, ...momentOfMicros(annotation.timestamp), shape, values })
  }
  finishSpan(draft, context, into)
}

/** A trace id of 16 or 32 digits, as 32. */
export function traceField(value: unknown): string {
  return typeof value === 'string' ? idField(value.padStart(32, '0'), 32) : ''
}

/** When a span ends that begins at a time and takes so long, both in microseconds. */
export function endOf(begin: unknown, duration: unknown): Moment {
  const from = momentOfMicros(begin).micros
  return momentOfMicros(from === 0 ? 0 : from + momentOfMicros(duration).micros)
}

/** A span id of up to 16 digits, as 16. */
export function spanField(value: unknown): string {
  return typeof value === 'string' && value !== '' ? idField(value.padStart(16, '0'), 16) : ''
}

function addTags(tags: JsonObject, context: DecodeContext, into: AttributeCollector): void {
  for (const [key, value] of Object.entries(tags)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    // Zipkin's tags are all text; those that are numbers by convention are compared as numbers.
    const isNumber = WHOLE_NUMBERS.test(key) && /^\d{1,15}$/.test(text)
    into.add(context.texts.share(key), isNumber ? Number(text) : context.texts.share(text))
  }
}

function addRemote(endpoint: JsonObject, into: AttributeCollector): void {
  const name = textField(endpoint.serviceName)
  const address = textField(endpoint.ipv4) || textField(endpoint.ipv6)
  if (name !== '') into.add('peer.service', name)
  if (address !== '') into.add('network.peer.address', address)
  if (typeof endpoint.port === 'number') into.add('network.peer.port', endpoint.port)
}

function isKind(kind: string): kind is (typeof KINDS)[number] {
  return KINDS.some((known) => known === kind)
}
