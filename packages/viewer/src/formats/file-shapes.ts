import { isObject, type JsonObject, textField } from '../model/json-fields.ts'

/** A part of a file in one of the formats, in the form that its reader takes. */
export type FilePart =
  | { readonly format: 'otlp' | 'jaeger'; readonly root: JsonObject }
  | { readonly format: 'zipkin'; readonly spans: readonly unknown[] }

const OTLP_FIELDS = ['resourceSpans', 'resourceLogs', 'resourceMetrics']
const MAX_DEPTH = 4

/**
 * Finds the format of a JSON value by its shape, also where it stands in a list or in what an API puts
 * around it, or is one span or trace without its list. Nothing for what is of no format.
 */
export function partsOf(value: unknown, depth = 0): FilePart[] {
  if (depth > MAX_DEPTH) return []
  if (Array.isArray(value)) return partsOfList(value, depth)
  if (!isObject(value)) return []
  return ofOtlp(value) ?? ofJaeger(value) ?? ofZipkin(value) ?? partsInside(value, depth)
}

/** The spans of one list together: it may be a hundred thousand of them. */
function partsOfList(list: readonly unknown[], depth: number): FilePart[] {
  const parts: FilePart[] = []
  let spans: unknown[] = []
  const endSpans = (): void => {
    if (spans.length > 0) parts.push({ format: 'zipkin', spans })
    spans = []
  }
  for (const each of list) {
    if (isObject(each) && isZipkinSpan(each)) {
      spans.push(each)
      continue
    }
    endSpans()
    for (const part of partsOf(each, depth + 1)) parts.push(part)
  }
  endSpans()
  // To Zipkin, an empty list is one of no spans.
  return list.length === 0 && depth === 0 ? [{ format: 'zipkin', spans: [] }] : parts
}

function ofOtlp(value: JsonObject): FilePart[] | undefined {
  const root = otlpRoot(value)
  return root === undefined ? undefined : [{ format: 'otlp', root }]
}

/** An export request; what Tempo calls `batches`; one of its groups; or one span. */
function otlpRoot(value: JsonObject): JsonObject | undefined {
  if (OTLP_FIELDS.some((field) => field in value)) return value
  if (Array.isArray(value.batches)) return { resourceSpans: value.batches }
  if ('scopeSpans' in value || 'instrumentationLibrarySpans' in value)
    return { resourceSpans: [value] }
  if ('scopeLogs' in value) return { resourceLogs: [value] }
  if ('scopeMetrics' in value) return { resourceMetrics: [value] }
  const isSpan = isText(value.traceId) && isText(value.spanId) && 'startTimeUnixNano' in value
  return isSpan ? { resourceSpans: [{ scopeSpans: [{ spans: [value] }] }] } : undefined
}

/** What Jaeger's API answers; one trace of it; or one span. */
function ofJaeger(value: JsonObject): FilePart[] | undefined {
  const root = jaegerRoot(value)
  return root === undefined ? undefined : [{ format: 'jaeger', root }]
}

function jaegerRoot(value: JsonObject): JsonObject | undefined {
  if (Array.isArray(value.data) && value.data.every(isJaegerTrace)) return value
  if (isJaegerTrace(value)) return { data: [value] }
  return isText(value.traceID) && isText(value.spanID) ? { data: [{ spans: [value] }] } : undefined
}

function isJaegerTrace(value: unknown): boolean {
  return (
    isObject(value) && Array.isArray(value.spans) && ('traceID' in value || 'processes' in value)
  )
}

function ofZipkin(value: JsonObject): FilePart[] | undefined {
  return isZipkinSpan(value) ? [{ format: 'zipkin', spans: [value] }] : undefined
}

function isZipkinSpan({ traceId, id }: JsonObject): boolean {
  return traceId !== undefined && id !== undefined
}

/** Jaeger 2 puts `result` around OTLP, Tempo `trace`, others `data` or `traces`. */
function partsInside(value: JsonObject, depth: number): FilePart[] {
  for (const field of ['result', 'trace', 'traces', 'data']) {
    const parts = partsOf(value[field], depth + 1)
    if (parts.length > 0) return parts
  }
  return []
}

function isText(value: unknown): boolean {
  return textField(value) !== ''
}
