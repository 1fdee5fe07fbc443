import { variants as outbound } from '../outbound/cells.js'

/** What is sent or handled, and what the page calls it. */
export const messages = {
  'kafkajs-send': 'kafkajs: a message sent, traceKafka',
  'kafkajs-handle': 'kafkajs: a message handled, traceKafka',
  'amqplib-send': 'amqplib: a message sent, traceAmqp',
  'amqplib-handle': 'amqplib: a message handled, traceAmqp',
}

/** What is compared, in the order of the tables. */
export const variants = {
  none: { ...outbound.none, description: 'the library alone.' },
  callchain: {
    ...outbound.callchain,
    description:
      'the traced instance with its defaults, on the OpenTelemetry SDK (`BatchSpanProcessor`, OTLP ' +
      'protobuf exporter, both with their defaults). The difference to the instrumentation is the ' +
      'wrapper alone.',
    packages: ['@callchain/core', '@callchain/messaging'],
  },
  'start-tracing': outbound['start-tracing'],
  instrumentation: {
    ...outbound.instrumentation,
    description:
      '`@opentelemetry/instrumentation-kafkajs` or `-amqplib` with its defaults, on the same ' +
      'OpenTelemetry SDK.',
    packages: [
      '@opentelemetry/sdk-trace',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/instrumentation-kafkajs',
      '@opentelemetry/instrumentation-amqplib',
    ],
  },
}

/** The processes of a subject that are compared: a variant, and whether the trace is sampled. */
export const cellsOf = (subject, { variants: chosen }) =>
  Object.keys(variants)
    .filter((name) => chosen.has(name))
    .flatMap((variant) => variants[variant].modes.map((mode) => ({ subject, variant, mode })))
