const { context, propagation, trace } = require('@opentelemetry/api')

/**
 * The OpenTelemetry SDK as its guide sets it up: the same for every variant that brings no own.
 * `load` finds the packages of another line of it.
 */
exports.startOpenTelemetry = (collector, load = require) => {
  const { AsyncLocalStorageContextManager } = load('@opentelemetry/context-async-hooks')
  const { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } =
    load('@opentelemetry/core')
  const { OTLPTraceExporter } = load('@opentelemetry/exporter-trace-otlp-proto')
  const { resourceFromAttributes } = load('@opentelemetry/resources')
  const { BatchSpanProcessor, TracerProvider } = load('@opentelemetry/sdk-trace')
  const exporter = new OTLPTraceExporter({ url: `${collector}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'benchmark' }),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...queueSize() })],
  })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  )
  return provider
}

// The processor does not read the variable by itself.
function queueSize() {
  const { OTEL_BSP_MAX_QUEUE_SIZE: size } = process.env
  if (size === undefined) return {}
  // The exporter takes no more than 30 batches at once, and a flush hands over all of them.
  return { maxQueueSize: Number(size), maxExportBatchSize: 2048 }
}
