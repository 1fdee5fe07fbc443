const { registerInstrumentations } = require('@opentelemetry/instrumentation')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { startOpenTelemetry } = require('../open-telemetry.cjs')

/** `@opentelemetry/instrumentation-http` with the instrumentation of the framework. */
exports.start = ({ framework, collector }) => {
  const tracerProvider = startOpenTelemetry(collector)
  const { instrumentation = [], middleware, isWhole = false } = frameworks[framework]()
  registerInstrumentations({
    tracerProvider,
    instrumentations: [isWhole ? [] : new HttpInstrumentation(), instrumentation].flat(),
  })
  return { middleware: middleware?.(), flush: () => tracerProvider.forceFlush() }
}

const frameworks = {
  express() {
    const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
    return { instrumentation: new ExpressInstrumentation() }
  },
  koa() {
    const { KoaInstrumentation } = require('@opentelemetry/instrumentation-koa')
    return { instrumentation: new KoaInstrumentation() }
  },
  node: () => ({}),
  hono() {
    const { httpInstrumentationMiddleware } = require('@hono/otel')
    // It makes the SERVER span itself: with the instrumentation of HTTP there would be two.
    return { isWhole: true, middleware: () => httpInstrumentationMiddleware() }
  },
  nest() {
    const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
    const { NestInstrumentation } = require('@opentelemetry/instrumentation-nestjs-core')
    return { instrumentation: [new ExpressInstrumentation(), new NestInstrumentation()] }
  },
  fastify() {
    const { FastifyOtelInstrumentation } = require('@fastify/otel')
    const instrumentation = new FastifyOtelInstrumentation()
    return { instrumentation, middleware: () => instrumentation.plugin() }
  },
}
