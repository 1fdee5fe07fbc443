/** What is started, in the order of the table: its file, what the page calls it, and its packages. */
export const variants = {
  bare: { file: 'bare.mjs', title: 'bare Node', packages: [] },
  api: { file: 'api.mjs', title: "OpenTelemetry's API alone", packages: ['@opentelemetry/api'] },
  callchain: {
    file: 'callchain.mjs',
    title: 'Callchain: `startTracing()` and the Express adapter, `import`',
    packages: [],
  },
  'callchain-require': {
    file: 'callchain.cjs',
    title: 'the same, `require`',
    packages: [],
  },
  'callchain-sdk': {
    file: 'callchain-sdk.mjs',
    title: 'the same, `import`, sending `http/json`',
    packages: [],
  },
  minimum: {
    file: 'minimum.cjs',
    title: 'OpenTelemetry SDK 2, by hand, no instrumentation',
    packages: ['@opentelemetry/sdk-trace', '@opentelemetry/exporter-trace-otlp-proto'],
  },
  'auto-instrumentations': {
    file: 'auto-instrumentations.cjs',
    title: 'OpenTelemetry auto-instrumentations',
    packages: ['@opentelemetry/auto-instrumentations-node'],
  },
  'dd-trace': { file: 'dd-trace.cjs', title: 'dd-trace', packages: ['dd-trace'] },
  sentry: { file: 'sentry.cjs', title: '@sentry/node', packages: ['@sentry/node'] },
}
