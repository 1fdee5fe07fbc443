const sdk = [
  '@opentelemetry/sdk-trace',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/context-async-hooks',
]

/**
 * What is compared, in the order of the tables: what the page calls it and says about it, the
 * packages whose versions it names, and the callers it is measured with. A peer is measured only
 * when asked for, and what is `newer` on a Node that has it.
 */
export const variants = {
  none: {
    title: 'no tracing',
    description: 'the application alone.',
    packages: [],
    modes: ['sampled'],
    traces: false,
  },
  minimum: {
    title: 'hand-written minimum',
    short: 'minimum',
    description:
      'what one would write by hand on the OpenTelemetry SDK: extract the W3C headers, one SERVER ' +
      'span with method, route and status, the context on AsyncLocalStorage, a BatchSpanProcessor ' +
      'and the OTLP protobuf exporter (`benchmarks/server/variants/minimum.cjs`).',
    packages: sdk,
    modes: ['sampled', 'unsampled'],
    traces: true,
  },
  'minimum-3': {
    title: 'the same on SDK 3',
    description: 'the minimum on the line of the SDK that needs Node 22.15.',
    packages: [],
    modes: ['sampled', 'unsampled'],
    traces: true,
    newer: true,
  },
  callchain: {
    title: 'Callchain',
    description:
      '`tracing()` of the framework (`traceListener()` of `node:http`, the module of Nest) and ' +
      '`startTracing()`, with their defaults.',
    packages: ['@callchain/core', '@callchain/sdk'],
    modes: ['sampled', 'unsampled'],
    traces: true,
  },
  instrumentations: {
    title: 'OpenTelemetry instrumentations',
    description:
      '`@opentelemetry/instrumentation-http` with the instrumentation of the framework (of Nest, that of ' +
      'Express too; `node:http` has no other; Hono’s `@hono/otel` stands alone), and the same SDK and ' +
      'exporter as the minimum. Nest 12 is made of ES modules, which they see only with their loader ' +
      'hook: of it, HTTP alone is traced here.',
    packages: [
      '@opentelemetry/instrumentation-http',
      '@opentelemetry/instrumentation-express',
      '@opentelemetry/instrumentation-koa',
      '@fastify/otel',
      '@hono/otel',
      '@opentelemetry/instrumentation-nestjs-core',
    ],
    modes: ['sampled', 'unsampled'],
    traces: true,
  },
  'dd-trace': {
    title: 'dd-trace',
    description: '`init()` with its defaults; telemetry and remote configuration off.',
    packages: ['dd-trace'],
    modes: ['sampled'],
    traces: true,
    peer: true,
  },
  sentry: {
    title: '@sentry/node',
    description: '`init()` with `tracesSampleRate: 1`, and a queue long enough to send everything.',
    packages: ['@sentry/node'],
    modes: ['sampled'],
    traces: true,
    peer: true,
  },
}

export const frameworks = {
  express: 'Express',
  koa: 'Koa',
  fastify: 'Fastify',
  node: 'node:http',
  hono: 'Hono',
  nest: 'Nest on Express',
}

/** The packages of the frameworks. */
export const frameworkPackages = [
  ...['express', 'koa', 'fastify', 'hono', '@hono/node-server', '@nestjs/core'],
]

/** The servers of a framework that are compared: a variant, and whether the caller samples. */
export const cellsOf = (subject, { variants: chosen }, { newer = false } = {}) =>
  Object.keys(variants)
    .filter((name) => chosen.has(name))
    .filter((name) => newer || !variants[name].newer)
    .flatMap((variant) => variants[variant].modes.map((mode) => ({ subject, variant, mode })))
