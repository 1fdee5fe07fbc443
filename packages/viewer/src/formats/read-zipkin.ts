import type { AttributeCollector } from '../model/attribute-budget.ts'
import { cutText } from '../model/cut-text.ts'
import {
  type JsonObject,
  objectOf,
  objectsOf,
  plainValue,
  spanField,
  textField,
  traceField,
} from '../model/json-fields.ts'
import { type Decoded, ERROR, KINDS, nothingDecoded, type Resource } from '../model/rows.ts'
import { momentOfMicros, nanosOfMicros } from '../model/time.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import {
  createSpanDraft,
  finishSpan,
  MAX_STATE_LENGTH,
  type SpanDraft,
} from '../otlp/span-draft.ts'
import { mergeZipkin } from './merge-zipkin.ts'
import { parsed, readTextEvent } from './otel-event.ts'
import { isOtelField, readOtelTags, scopeOfTags } from './otel-tags.ts'
import { asVersion2 } from './zipkin-v1.ts'

const WHOLE_NUMBERS = /(?:^|\.)(?:port|status_code|count|size|number)$/
const LINK = /^otlp\.link\.\d+$/

/** Reads a list of Zipkin v2 spans (zipkin2-api.yaml, Span); of a v1 span, what v2 has a place for. */
export function readZipkin(list: readonly unknown[], context: DecodeContext): Decoded {
  const decoded = nothingDecoded()
  decoded.merge = mergeZipkin(context)
  for (const span of objectsOf(list)) readSpan(asVersion2(span), context, decoded)
  return decoded
}

function readSpan(span: JsonObject, context: DecodeContext, into: Decoded): void {
  const tags = objectOf(span.tags)
  const tag = (key: string): unknown => (Object.hasOwn(tags, key) ? tags[key] : undefined)
  const resource = readResource(span, tag, context)
  const scope = scopeOfTags(tag, 'zipkin', context)
  context.budget.reset()
  const draft = createSpanDraft(context, resource, scope)
  draft.trace = traceField(span.traceId)
  draft.id = spanField(span.id)
  draft.parent = spanField(span.parentId)
  const kind = textField(span.kind).toLowerCase()
  draft.kind = Math.max(1, KINDS.indexOf(isKind(kind) ? kind : 'internal'))
  draft.isShared = span.shared === true
  draft.name = context.texts.share(textField(span.name))
  draft.start = momentOfMicros(span.timestamp)
  // To Zipkin a duration of 0 means unknown: what is shorter than a microsecond is sent as 1.
  draft.took = nanosOfMicros(span.duration) || -1
  addTags(tags, context, draft.attributes)
  addEndpoints(span, draft.attributes)
  readOtelTags(tag, draft)
  readError(tag('error'), draft)
  addEvents(span.annotations, context, draft)
  addLinks(tags, context, draft)
  finishSpan(draft, context, into)
}

function readResource(
  span: JsonObject,
  tag: (key: string) => unknown,
  context: DecodeContext,
): Resource {
  const named = textField(objectOf(span.localEndpoint).serviceName)
  const service = named || textField(tag('service.name'))
  return context.resource(`zipkin ${service}`, () => {
    context.budget.reset()
    const attributes = context.budget.collect()
    if (service !== '') attributes.add('service.name', service)
    return attributes
  })
}

function readError(error: unknown, draft: SpanDraft): void {
  if (error === undefined || error === false || error === 'false') return
  draft.status = ERROR
  if (error !== 'true' && draft.message === '') draft.message = textField(error)
}

function addTags(tags: JsonObject, context: DecodeContext, into: AttributeCollector): void {
  for (const [key, value] of Object.entries(tags)) {
    if (isOtelField(key) || LINK.test(key)) continue
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    // Zipkin's tags are all text; those that are numbers by convention are compared as numbers.
    const isNumber = WHOLE_NUMBERS.test(key) && /^\d{1,15}$/.test(text)
    into.add(context.texts.share(key), isNumber ? Number(text) : context.texts.share(text))
  }
}

function addEndpoints(span: JsonObject, into: AttributeCollector): void {
  const remote = objectOf(span.remoteEndpoint)
  const name = textField(remote.serviceName)
  if (name !== '') into.add('peer.service', name)
  addAddress(remote, 'peer', into)
  addAddress(objectOf(span.localEndpoint), 'local', into)
  if (span.debug === true) into.add('zipkin.debug', true)
}

function addAddress(endpoint: JsonObject, side: 'peer' | 'local', into: AttributeCollector): void {
  const address = textField(endpoint.ipv4) || textField(endpoint.ipv6)
  if (address !== '') into.add(`network.${side}.address`, address)
  const port = Number(endpoint.port ?? 0)
  if (port > 0) into.add(`network.${side}.port`, port)
}

function addEvents(annotations: unknown, context: DecodeContext, draft: SpanDraft): void {
  for (const annotation of objectsOf(annotations)) {
    if (context.budget.leavesOut()) return
    const { name, attributes } = readTextEvent(textField(annotation.value))
    const collected = context.budget.collect()
    for (const [key, value] of Object.entries(attributes))
      collected.add(context.texts.share(key), plainValue(value))
    const { shape, values } = collected
    const clipped = String(context.budget.clip(name))
    draft.addEvent({ name: clipped, ...momentOfMicros(annotation.timestamp), shape, values })
  }
}

/** Links as the Collector writes them: `trace|span|state|{…}|0`. */
function addLinks(tags: JsonObject, context: DecodeContext, draft: SpanDraft): void {
  for (const key of Object.keys(tags)) {
    if (!LINK.test(key)) continue
    const [trace, span, state = '', ...rest] = textField(tags[key]).split('|')
    const [traceId, spanId] = [traceField(trace), spanField(span)]
    if (traceId === '' || spanId === '') continue
    const collected = context.budget.collect()
    for (const [name, value] of Object.entries(parsed(rest.slice(0, -1).join('|')) ?? {}))
      collected.add(context.texts.share(name), plainValue(value))
    const { shape, values } = collected
    const kept = cutText(state, MAX_STATE_LENGTH)
    draft.addLink({ trace: traceId, span: spanId, state: kept, shape, values })
  }
}

function isKind(kind: string): kind is (typeof KINDS)[number] {
  return KINDS.some((known) => known === kind)
}
