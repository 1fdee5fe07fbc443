const { context, propagation, ROOT_CONTEXT, SpanKind, trace } = require('@opentelemetry/api')
const { registerInstrumentations } = require('@opentelemetry/instrumentation')
const { startOpenTelemetry } = require('../../server/open-telemetry.cjs')

/** The OpenTelemetry instrumentation of the client, with its defaults. */
exports.start = ({ subject, collector }) =>
  startInstrumented(collector, instrumentations[subject]())

/** Any instrumentation, on the OpenTelemetry SDK. */
const startInstrumented = (collector, instrumentation) => {
  const tracerProvider = startOpenTelemetry(collector)
  registerInstrumentations({ tracerProvider, instrumentations: [instrumentation] })
  return { wraps: false, flush: () => tracerProvider.forceFlush(), inRequest }
}
exports.startInstrumented = startInstrumented

const undici = () => {
  const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici')
  return new UndiciInstrumentation()
}

const http = () => {
  const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
  return new HttpInstrumentation()
}

const pg = () => {
  const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg')
  return new PgInstrumentation()
}

const kafkajs = () => {
  const { KafkaJsInstrumentation } = require('@opentelemetry/instrumentation-kafkajs')
  return new KafkaJsInstrumentation()
}

const amqplib = () => {
  const { AmqplibInstrumentation } = require('@opentelemetry/instrumentation-amqplib')
  return new AmqplibInstrumentation()
}

const grpc = () => {
  const { GrpcInstrumentation } = require('@opentelemetry/instrumentation-grpc')
  return new GrpcInstrumentation()
}

const graphql = () => {
  const { GraphQLInstrumentation } = require('@opentelemetry/instrumentation-graphql')
  return new GraphQLInstrumentation()
}

const instrumentations = {
  ...{ fetch: undici, undici, ky: undici, axios: http, got: http, agent: http, pg },
  ...{ kafkajs, amqplib, grpc, graphql },
}

/** Runs in the context of a request as the server's instrumentation makes it. */
async function inRequest(headers, run) {
  const parent = propagation.extract(ROOT_CONTEXT, headers)
  const tracer = trace.getTracer('benchmark')
  const span = tracer.startSpan('GET /orders/:id', { kind: SpanKind.SERVER }, parent)
  await context.with(trace.setSpan(parent, span), run)
  span.end()
}
