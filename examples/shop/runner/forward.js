const minute = 60_000

/**
 * Sends every export on, unchanged, to an OTLP/HTTP endpoint of the user's, such as a Collector,
 * Jaeger or Tempo.
 * @param {string} endpoint its base address, as in OTEL_EXPORTER_OTLP_ENDPOINT
 * @param {(message: string) => void} warn told at most once a minute
 * @returns {(body: Buffer) => void}
 */
export function forwardTo(endpoint, warn) {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const headers = { ...extraHeaders(), 'content-type': 'application/json' }
  let warnedAt = -minute
  /** @param {string} reason */
  const complain = (reason) => {
    if (performance.now() - warnedAt < minute) return
    warnedAt = performance.now()
    warn(`could not send spans on to ${url}: ${reason}`)
  }
  return (body) => {
    fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) }).then(
      async (answer) => {
        await answer.body?.cancel()
        if (!answer.ok) complain(`it answered ${answer.status}`)
      },
      (error) => complain(error.cause?.message ?? error.message),
    )
  }
}

/** OTEL_EXPORTER_OTLP_HEADERS, as the OpenTelemetry specification writes it: k=v,k=v, percent-encoded. */
function extraHeaders() {
  const pairs = (process.env.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',').filter(Boolean)
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [name.trim(), decodeURIComponent(value.join('=').trim())]
    }),
  )
}
