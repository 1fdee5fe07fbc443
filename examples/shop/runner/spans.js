/**
 * One span, as the shop's terminal needs it.
 * @typedef {object} Span
 * @property {string} traceId
 * @property {string} id
 * @property {string | undefined} parentId
 * @property {string} service
 * @property {string} name
 * @property {'internal' | 'server' | 'client' | 'producer' | 'consumer'} kind
 * @property {number} start in milliseconds since the epoch
 * @property {number} end likewise
 * @property {boolean} failed its status is ERROR
 * @property {string} message what went wrong, if it was said
 * @property {Record<string, string | number | boolean | undefined>} attributes
 */

const kinds = /** @type {const} */ ([
  'internal',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
])

/**
 * The spans of one OTLP/JSON export.
 * @param {any} body an ExportTraceServiceRequest
 * @returns {Span[]}
 */
export function spansOf(body) {
  return list(body?.resourceSpans).flatMap((resourceSpans) => {
    const service = String(attributesOf(resourceSpans.resource)['service.name'] ?? 'unknown')
    return list(resourceSpans.scopeSpans)
      .flatMap((scopeSpans) => list(scopeSpans.spans))
      .map((span) => spanOf(span, service))
  })
}

/**
 * @param {any} span
 * @param {string} service
 * @returns {Span}
 */
function spanOf(span, service) {
  return {
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId || undefined,
    service,
    name: span.name,
    kind: kinds[span.kind] ?? 'internal',
    start: Number(span.startTimeUnixNano) / 1e6,
    end: Number(span.endTimeUnixNano) / 1e6,
    failed: span.status?.code === 2,
    message: span.status?.message || exceptionMessageOf(span),
    attributes: attributesOf(span),
  }
}

/** @param {any} span */
function exceptionMessageOf(span) {
  const exception = list(span.events).find((event) => event.name === 'exception')
  return String(attributesOf(exception)['exception.message'] ?? '')
}

/** @param {any} carrier */
function attributesOf(carrier) {
  return Object.fromEntries(
    list(carrier?.attributes).map(({ key, value }) => [
      key,
      value?.stringValue ?? value?.boolValue ?? value?.doubleValue ?? numberOf(value?.intValue),
    ]),
  )
}

/** @param {unknown} int OTLP/JSON writes 64-bit numbers as strings or as numbers */
function numberOf(int) {
  return int === undefined ? undefined : Number(int)
}

/** @param {any} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value : []
}
