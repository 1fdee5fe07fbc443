import type { AttributeCollector } from '../model/attribute-budget.ts'
import { type Decoded, ERROR, KINDS, nothingDecoded, type Resource } from '../model/rows.ts'
import { momentOfMicros } from '../model/time.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import { createSpanDraft, finishSpan, type SpanDraft } from '../otlp/span-draft.ts'
import { type JsonObject, objectOf, objectsOf, plainValue, textField } from './json-fields.ts'
import { endOf, spanField, traceField } from './read-zipkin.ts'

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
  context.budget.reset()
  const scope = context.scope('jaeger', () => {
    return { name: '', version: '', attributes: context.budget.collect() }
  })
  const draft = createSpanDraft(context, resource, scope)
  draft.trace = traceField(span.traceID)
  draft.id = spanField(span.spanID)
  draft.parent = spanField(span.parentSpanID)
  draft.name = context.texts.share(textField(span.operationName))
  draft.start = momentOfMicros(span.startTime)
  draft.end = endOf(span.startTime, span.duration)
  readReferences(span.references, context, draft)
  addTags(span.tags, context, draft.attributes)
  readMeaning(span.tags, draft)
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

function readReferences(references: unknown, context: DecodeContext, draft: SpanDraft): void {
  for (const reference of objectsOf(references)) {
    const trace = traceField(reference.traceID)
    const span = spanField(reference.spanID)
    if (reference.refType === 'CHILD_OF' && trace === draft.trace && draft.parent === '')
      draft.parent = span
    else if (trace !== '' && span !== '')
      draft.addLink({ trace, span, state: '', ...shapeOf(context) })
  }
}

function shapeOf(context: DecodeContext): Pick<AttributeCollector, 'shape' | 'values'> {
  const { shape, values } = context.budget.collect()
  return { shape, values }
}

/** What Jaeger says in tags and a row has fields for: kind and status. */
function readMeaning(tags: unknown, draft: SpanDraft): void {
  for (const { key, value } of objectsOf(tags)) {
    if (key === 'span.kind') draft.kind = kindOf(value)
    else if (key === 'otel.status_description') draft.message = textField(value)
    else if (key === 'otel.status_code') draft.status = value === 'ERROR' ? ERROR : 1
    else if (key === 'error' && (value === true || value === 'true')) draft.status = ERROR
  }
  if (draft.kind < 1) draft.kind = 1
}

function addTags(tags: unknown, context: DecodeContext, into: AttributeCollector): void {
  for (const { key, type, value } of objectsOf(tags)) {
    if (key === 'span.kind' || key === 'otel.status_code' || key === 'otel.status_description')
      continue
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
