import type { AttributeCollector } from '../model/attribute-budget.ts'
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
import { createSpanDraft, finishSpan, type SpanDraft } from '../otlp/span-draft.ts'
import { isOtelField, readOtelTags, scopeOfTags, type TagOf } from './otel-tags.ts'

/** Reads traces in the JSON that Jaeger's page and legacy query API give: `{ data: [{ spans, processes }] }`. */
export function readJaeger(root: JsonObject, context: DecodeContext): Decoded {
  const decoded = nothingDecoded()
  for (const trace of objectsOf(root.data)) {
    const processes = objectOf(trace.processes)
    for (const span of objectsOf(trace.spans)) {
      const process = objectOf(processes[textField(span.processID)] ?? span.process)
      readSpan(span, readProcess(process, context), context, decoded)
    }
  }
  return decoded
}

function readProcess(process: JsonObject, context: DecodeContext): Resource {
  return context.resource(`jaeger ${JSON.stringify(process)}`, () => {
    context.budget.reset()
    const attributes = context.budget.collect()
    const service = textField(process.serviceName)
    if (service !== '') attributes.add('service.name', service)
    addTags(process.tags, context, attributes)
    return attributes
  })
}

function readSpan(
  span: JsonObject,
  resource: Resource,
  context: DecodeContext,
  into: Decoded,
): void {
  const tags = new Map(objectsOf(span.tags).map(({ key, value }) => [textField(key), value]))
  const tag: TagOf = (key) => tags.get(key)
  const scope = scopeOfTags(tag, 'jaeger', context)
  context.budget.reset()
  const draft = createSpanDraft(context, resource, scope)
  draft.trace = traceField(span.traceID)
  draft.id = spanField(span.spanID)
  draft.parent = spanField(span.parentSpanID)
  draft.name = context.texts.share(textField(span.operationName))
  draft.start = momentOfMicros(span.startTime)
  draft.took = nanosOfMicros(span.duration)
  readReferences(span.references, context, draft)
  addTags(span.tags, context, draft.attributes)
  readOtelTags(tag, draft)
  readMeaning(tag, draft)
  for (const log of objectsOf(span.logs)) {
    const attributes = context.budget.collect()
    addTags(log.fields, context, attributes)
    const event = objectsOf(log.fields).find(({ key }) => key === 'event')
    const { shape, values } = attributes
    const name = textField(event?.value) || 'log'
    draft.addEvent({ name, ...momentOfMicros(log.timestamp), shape, values })
  }
  finishSpan(draft, context, into)
}

/**
 * The parent is the first span of the trace that it is a child of, else the first that it follows from,
 * as Jaeger's own page shows it. All others are links.
 */
function readReferences(references: unknown, context: DecodeContext, draft: SpanDraft): void {
  const read = objectsOf(references).map((reference) => ({
    // An absent trace is this one, and an absent kind is protobuf's first.
    isChild: (textField(reference.refType) || 'CHILD_OF') === 'CHILD_OF',
    trace: traceField(reference.traceID) || draft.trace,
    span: spanField(reference.spanID),
  }))
  const inside = read.filter(({ trace, span }) => trace === draft.trace && span !== draft.id)
  draft.parent ||= (inside.find(({ isChild }) => isChild) ?? inside[0])?.span ?? ''
  for (const { trace, span } of read) {
    const isParent = trace === draft.trace && span === draft.parent
    if (!isParent && trace !== '' && span !== '')
      draft.addLink({ trace, span, state: '', ...shapeOf(context) })
  }
}

function shapeOf(context: DecodeContext): Pick<AttributeCollector, 'shape' | 'values'> {
  const { shape, values } = context.budget.collect()
  return { shape, values }
}

/** What Jaeger says in tags and a row has fields for: kind and failure. */
function readMeaning(tag: TagOf, draft: SpanDraft): void {
  const error = tag('error')
  if (error === true || error === 'true') draft.status = ERROR
  draft.kind = Math.max(1, kindOf(tag('span.kind')))
}

function addTags(tags: unknown, context: DecodeContext, into: AttributeCollector): void {
  for (const { key, type, value } of objectsOf(tags)) {
    if (key === 'span.kind' || isOtelField(textField(key))) continue
    const kept =
      type === 'binary' && typeof value === 'string'
        ? new Uint8Array(Buffer.from(value, 'base64'))
        : plainValue(value)
    into.add(
      context.texts.share(textField(key)),
      typeof kept === 'string' ? context.texts.share(kept) : kept,
    )
  }
}

function kindOf(value: unknown): number {
  const names: readonly unknown[] = KINDS
  return names.indexOf(value)
}
