const { registerInstrumentations } = require('@opentelemetry/instrumentation')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { startOpenTelemetry } = require('../open-telemetry.cjs')

/** `@opentelemetry/instrumentation-http` with the instrumentation of the framework. */
exports.start = ({ framework, collector }) => {
  const tracerProvider = startOpenTelemetry(collector)
  const { instrumentation, middleware } = frameworks[framework]()
  registerInstrumentations({
    tracerProvider,
    instrumentations: [new HttpInstrumentation(), instrumentation],
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
  fastify() {
    const { FastifyOtelInstrumentation } = require('@fastify/otel')
    const instrumentation = new FastifyOtelInstrumentation()
    return { instrumentation, middleware: () => instrumentation.plugin() }
  },
}
