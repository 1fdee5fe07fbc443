import { cutText } from '../model/cut-text.ts'
import {
  countField,
  type JsonObject,
  objectOf,
  objectsOf,
  otlpId,
  textField,
} from '../model/json-fields.ts'
import { type Decoded, nothingDecoded, type Resource, type Scope } from '../model/rows.ts'
import { momentFromJson } from '../model/time.ts'
import type { DecodeContext } from './decode-context.ts'
import { createLogDraft, finishLog } from './decode-logs.ts'
import { addJsonAttributes, readJsonValue } from './json-value.ts'
import { createSpanDraft, finishSpan, MAX_STATE_LENGTH } from './span-draft.ts'

const KIND_NAMES = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const STATUS_NAMES = ['UNSET', 'OK', 'ERROR']

const FIELDS = ['resourceSpans', 'resourceLogs', 'resourceMetrics']
const NO_FIELD = `the body has none of the fields ${FIELDS.join(', ')}: OTLP JSON is written in lowerCamelCase`

const OLD_NAMES = {
  scopeSpans: 'instrumentationLibrarySpans',
  scopeLogs: 'instrumentationLibraryLogs',
  scopeMetrics: 'instrumentationLibraryMetrics',
} as const

/** Reads spans, log lines and the count of metrics from OTLP JSON (OTLP 1.11, JSON Protobuf Encoding). */
export function readOtlpJson(root: JsonObject, context: DecodeContext): Decoded {
  const decoded = nothingDecoded()
  if (isOther(root)) decoded.reasons.add(NO_FIELD)
  eachRecord(root.resourceSpans, ['scopeSpans', 'spans'], context, (span, resource, scope) =>
    readSpan(span, context, { resource, scope }, decoded),
  )
  eachRecord(root.resourceLogs, ['scopeLogs', 'logRecords'], context, (log, resource, scope) =>
    readLog(log, context, { resource, scope }, decoded),
  )
  eachRecord(root.resourceMetrics, ['scopeMetrics', 'metrics'], context, () => {
    decoded.metrics += 1
  })
  return decoded
}

function isOther(root: JsonObject): boolean {
  return Object.keys(root).length > 0 && !FIELDS.some((field) => field in root)
}

function eachRecord(
  groups: unknown,
  [scopes, records]: readonly [keyof typeof OLD_NAMES, string],
  context: DecodeContext,
  read: (record: JsonObject, resource: Resource, scope: Scope) => void,
): void {
  for (const group of objectsOf(groups)) {
    const resource = readResource(objectOf(group.resource), context)
    // Before OTLP 0.16, which Tempo still writes, scopes were called by another name.
    for (const inner of [...objectsOf(group[scopes]), ...objectsOf(group[OLD_NAMES[scopes]])]) {
      const scope = readScope(objectOf(inner.scope ?? inner.instrumentationLibrary), context)
      for (const record of objectsOf(inner[records])) read(record, resource, scope)
    }
  }
}

function readResource(resource: JsonObject, context: DecodeContext): Resource {
  return context.resource(JSON.stringify(resource), () => {
    context.budget.reset()
    const attributes = context.budget.collect()
    addJsonAttributes(resource.attributes, context, attributes)
    return attributes
  })
}

function readScope(scope: JsonObject, context: DecodeContext): Scope {
  return context.scope(JSON.stringify(scope), () => {
    context.budget.reset()
    const attributes = context.budget.collect()
    addJsonAttributes(scope.attributes, context, attributes)
    return { name: textField(scope.name), version: textField(scope.version), attributes }
  })
}

function readSpan(
  span: JsonObject,
  context: DecodeContext,
  from: { resource: Resource; scope: Scope },
  into: Decoded,
): void {
  context.budget.reset()
  const draft = createSpanDraft(context, from.resource, from.scope)
  draft.trace = context.texts.share(otlpId(span.traceId, 16))
  draft.id = otlpId(span.spanId, 8)
  draft.parent = otlpId(span.parentSpanId, 8)
  draft.state = textField(span.traceState)
  draft.name = context.texts.share(textField(span.name))
  draft.kind = enumField(span.kind, 'SPAN_KIND_', KIND_NAMES)
  draft.start = momentFromJson(span.startTimeUnixNano)
  draft.end = momentFromJson(span.endTimeUnixNano)
  draft.flags = countField(span.flags)
  draft.droppedAttributes = countField(span.droppedAttributesCount)
  draft.droppedEvents = countField(span.droppedEventsCount)
  draft.droppedLinks = countField(span.droppedLinksCount)
  const status = objectOf(span.status)
  draft.status = enumField(status.code, 'STATUS_CODE_', STATUS_NAMES)
  draft.message = textField(status.message)
  addJsonAttributes(span.attributes, context, draft.attributes)
  for (const event of objectsOf(span.events)) {
    if (context.budget.leavesOut()) break
    const attributes = context.budget.collect()
    addJsonAttributes(event.attributes, context, attributes)
    const { shape, values } = attributes
    const time = momentFromJson(event.timeUnixNano)
    const name = String(context.budget.clip(textField(event.name)))
    draft.addEvent({ name, ...time, shape, values })
  }
  for (const link of objectsOf(span.links)) {
    if (context.budget.leavesOut()) break
    const attributes = context.budget.collect()
    addJsonAttributes(link.attributes, context, attributes)
    const { shape, values } = attributes
    const [trace, id] = [otlpId(link.traceId, 16), otlpId(link.spanId, 8)]
    const state = cutText(textField(link.traceState), MAX_STATE_LENGTH)
    if (trace !== '' && id !== '') draft.addLink({ trace, span: id, state, shape, values })
  }
  finishSpan(draft, context, into)
}

function readLog(
  log: JsonObject,
  context: DecodeContext,
  from: { resource: Resource; scope: Scope },
  into: Decoded,
): void {
  context.budget.reset()
  const draft = createLogDraft(context)
  draft.time = momentFromJson(log.timeUnixNano)
  draft.observed = momentFromJson(log.observedTimeUnixNano)
  draft.severity = countField(log.severityNumber)
  draft.severityText = textField(log.severityText)
  draft.body = readJsonValue(log.body)
  draft.trace = otlpId(log.traceId, 16)
  draft.span = otlpId(log.spanId, 8)
  draft.event = textField(log.eventName)
  draft.flags = countField(log.flags)
  addJsonAttributes(log.attributes, context, draft.attributes)
  finishLog(draft, context, from, into)
}

// OTLP allows numbers only; senders that write the names are understood all the same.
function enumField(value: unknown, prefix: string, names: readonly string[]): number {
  if (typeof value !== 'string') return countField(value)
  return Math.max(0, names.indexOf(value.replace(prefix, '')))
}
