import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

/**
 * Makes a span of a statement, after the OpenTelemetry conventions for databases.
 * @template T
 * @param {{ system: string, text: string }} query
 * @param {() => Promise<T>} run
 * @returns {Promise<T>} what it returns
 * @throws what it throws
 */
export function traceQuery({ system, text }, run) {
  const attributes = { 'db.system.name': system, 'db.query.text': text }
  const options = { kind: SpanKind.CLIENT, attributes }
  return trace.getTracer('inventory').startActiveSpan(summary(text), options, async (span) => {
    try {
      return await run()
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end()
    }
  })
}

/** The verb and the table, as the conventions name a span. @param {string} text */
function summary(text) {
  const [, verb = 'query'] = /^\s*(\w+)/.exec(text) ?? []
  const [, table = ''] = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/.exec(text) ?? []
  return `${verb} ${table}`.trim()
}

/**
 * @param {import('@opentelemetry/api').Span} span
 * @param {any} error
 */
function fail(span, error) {
  const code = String(error?.code ?? error?.name)
  span.setStatus({ code: SpanStatusCode.ERROR, message: String(error?.message) })
  span.setAttributes({ 'error.type': code, 'db.response.status_code': code })
}
