const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])

/** Says why a collector did not take spans, and what to do about it; `url` is shown without secrets. */
export function describeFailure(url: URL, error: Error): string {
  const where = `${url.protocol}//${url.host}${url.pathname}`
  const code = 'code' in error ? String(error.code) : ''
  if (!UNREACHABLE.has(code))
    return `the collector at ${where} did not accept them (${error.message})`
  const hint =
    url.port === '4317'
      ? 'Port 4317 is for gRPC; OTLP over HTTP is usually on port 4318.'
      : 'Start one, e.g. "npx callchain", or set OTEL_TRACES_EXPORTER=none.'
  return `the collector at ${where} does not respond (${code}). ${hint}`
}
