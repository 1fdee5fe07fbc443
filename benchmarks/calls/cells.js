import { variants as outbound } from '../outbound/cells.js'

/** What is called, and what the page calls it. */
export const calls = {
  grpc: 'grpc-js: a unary call, both ends, traceGrpc and tracing',
  graphql: 'graphql: an operation, traceExecution',
}

/** What is compared, in the order of the tables; `spans` where a call of a library has not one that is counted. */
export const variants = {
  none: { ...outbound.none, description: 'the library alone.' },
  callchain: {
    ...outbound.callchain,
    description:
      'both ends traced with their defaults, on the OpenTelemetry SDK (`BatchSpanProcessor`, OTLP ' +
      'protobuf exporter, both with their defaults). The difference to the instrumentation is the ' +
      'wrapper alone.',
    packages: ['@callchain/core', '@callchain/grpc', '@callchain/graphql'],
  },
  'start-tracing': outbound['start-tracing'],
  instrumentation: {
    ...outbound.instrumentation,
    spans: { graphql: 3 },
    description:
      '`@opentelemetry/instrumentation-grpc` or `-graphql` with its defaults, on the same OpenTelemetry SDK.',
    packages: [
      '@opentelemetry/sdk-trace',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/instrumentation-grpc',
      '@opentelemetry/instrumentation-graphql',
    ],
  },
}

/** The processes of a subject that are compared: a variant, and whether the trace is sampled. */
export const cellsOf = (subject, { variants: chosen }) =>
  Object.keys(variants)
    .filter((name) => chosen.has(name))
    .flatMap((variant) => variants[variant].modes.map((mode) => ({ subject, variant, mode })))
