/** What can be called, and what the page calls it. */
export const clients = {
  fetch: 'fetch: traceFetch',
  undici: 'undici: traceUndici',
  axios: 'axios: traceAxios',
  agent: 'node:http: traceAgent',
}

export const databases = { pg: 'pg: tracePg' }

/** What is compared, in the order of the tables; `spans` where an operation has not one span. */
export const variants = {
  none: {
    title: 'no tracing',
    description: 'the client alone.',
    packages: [],
    modes: ['sampled'],
    traces: false,
  },
  callchain: {
    title: 'Callchain',
    description:
      'the wrapped client with its defaults, on the OpenTelemetry SDK (`BatchSpanProcessor`, OTLP ' +
      'protobuf exporter, both with their defaults). The difference to the instrumentation is the ' +
      'wrapper alone.',
    packages: ['@callchain/core', '@callchain/clients', '@callchain/databases'],
    modes: ['sampled', 'unsampled'],
    traces: true,
  },
  'start-tracing': {
    title: 'Callchain, startTracing()',
    description: 'the same under `startTracing()` with its defaults, its own processor included.',
    packages: ['@callchain/sdk'],
    modes: ['sampled'],
    traces: true,
  },
  instrumentation: {
    title: 'OpenTelemetry instrumentation',
    short: 'instrumentation',
    description:
      '`@opentelemetry/instrumentation-undici` (fetch, undici), `-http` (axios, node:http) or `-pg` ' +
      'with its defaults, on the same OpenTelemetry SDK.',
    packages: [
      '@opentelemetry/sdk-trace',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/instrumentation-undici',
      '@opentelemetry/instrumentation-http',
      '@opentelemetry/instrumentation-pg',
    ],
    modes: ['sampled', 'unsampled'],
    traces: true,
    spans: { pg: 2 },
  },
  'without-connect-spans': {
    title: 'the same, ignoreConnectSpans',
    description: '`-pg` told to make no spans of taking a connection from the pool.',
    packages: [],
    modes: ['sampled', 'unsampled'],
    traces: true,
    only: 'pg',
  },
}

/** The processes of a subject that are compared: a variant, and whether the request is sampled. */
export const cellsOf = (subject, { variants: chosen }) =>
  Object.keys(variants)
    .filter((name) => chosen.has(name))
    .filter((name) => [undefined, subject].includes(variants[name].only))
    .flatMap((variant) => variants[variant].modes.map((mode) => ({ subject, variant, mode })))
