const minute = 60_000

/**
 * @typedef {object} Forward
 * @property {(received: import('./receiver.js').Export) => void} send sends an export on, unchanged
 * @property {() => Promise<void>} settled when everything is sent, or has failed
 */

/**
 * Sends exports on to an OTLP/HTTP endpoint: the viewer, or a Collector, Jaeger or Tempo of the user's.
 * @param {string} endpoint its base address, as in OTEL_EXPORTER_OTLP_ENDPOINT
 * @param {(message: string) => void} warn told at most once a minute
 * @param {Record<string, string>} [extraHeaders] that go along
 * @returns {Forward}
 */
export function forwardTo(endpoint, warn, extraHeaders = {}) {
  const base = endpoint.replace(/\/+$/, '')
  /** @type {Set<Promise<void>>} */
  const underway = new Set()
  let warnedAt = -minute
  /** @param {string} reason */
  const complain = (reason) => {
    if (performance.now() - warnedAt < minute) return
    warnedAt = performance.now()
    warn(`could not send spans on to ${base}: ${reason}`)
  }
  /** @param {import('./receiver.js').Export} received */
  const post = async ({ path, body, userAgent }) => {
    const own = { 'content-type': 'application/json', 'user-agent': userAgent }
    const headers = { ...extraHeaders, ...own }
    const signal = AbortSignal.timeout(10_000)
    try {
      const answer = await fetch(base + path, { method: 'POST', headers, body, signal })
      await answer.body?.cancel()
      if (!answer.ok) complain(`it answered ${answer.status}`)
    } catch (error) {
      complain(reasonOf(error))
    }
  }
  return {
    send(received) {
      const work = post(received).finally(() => underway.delete(work))
      underway.add(work)
    },
    async settled() {
      await Promise.all(underway)
    },
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** OTEL_EXPORTER_OTLP_HEADERS, as the OpenTelemetry specification writes it: k=v,k=v, percent-encoded. */
export function headersOfUser() {
  const pairs = (process.env.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',').filter(Boolean)
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [name.trim(), decodeURIComponent(value.join('=').trim())]
    }),
  )
}
