/**
 * The variables of OpenTelemetry for the services of the shop: whatever the user has set, their spans
 * and log lines come to us, for we draw them and send them on. A Zipkin that the user names gets the
 * spans as well: from the services themselves, for its format is not the one that we receive.
 * @param {string} endpoint where the services send to: the base address of an OTLP receiver
 * @returns {Record<string, string | undefined>} undefined: not set
 */
export function tracingSettings(endpoint) {
  const own = Object.keys(process.env).filter((name) => /^OTEL_/.test(name) && !kept.has(name))
  return {
    ...Object.fromEntries(own.map((name) => [name, undefined])),
    OTEL_TRACES_EXPORTER: exporters().includes('zipkin') ? 'otlp,zipkin' : 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    // Spans leave at once, so that a chain shows as soon as it is complete.
    OTEL_BSP_SCHEDULE_DELAY: '100',
  }
}

/** Whether the user's own endpoint is to get the spans. */
export function sendsOtlp() {
  return exporters().includes('otlp') && process.env.OTEL_SDK_DISABLED?.toLowerCase() !== 'true'
}

// They say what the spans carry, or where else they go, and leave them whole.
const kept = new Set([
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_EXPORTER_ZIPKIN_ENDPOINT',
  'OTEL_EXPORTER_ZIPKIN_TIMEOUT',
])

function exporters() {
  const words = (process.env.OTEL_TRACES_EXPORTER ?? '').split(',').map((word) => word.trim())
  const named = words.filter((word) => word !== '')
  return named.length === 0 ? ['otlp'] : named
}
