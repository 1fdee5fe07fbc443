// A service with OpenTelemetry's SDK of its own, that ends with its parent.
const { createServer } = require('node:http')
const { ROOT_CONTEXT, SpanKind, trace } = require('@opentelemetry/api')
const { W3CTraceContextPropagator } = require('@opentelemetry/core')
const { JsonTraceSerializer } = require('@opentelemetry/otlp-transformer')
const { BatchSpanProcessor, TracerProvider } = require('@opentelemetry/sdk-trace')

const exporter = {
  export: (spans, done) =>
    void fetch(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JsonTraceSerializer.serializeRequest(spans),
    }).then(
      () => done({ code: 0 }),
      (error) => done({ code: 1, error }),
    ),
  shutdown: async () => {},
}
const provider = new TracerProvider({
  spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 50 })],
})
const tracer = provider.getTracer('service')
const propagator = new W3CTraceContextPropagator()
const getter = { get: (carrier, key) => carrier[key], keys: Object.keys }

const server = createServer((request, response) => {
  const parent = propagator.extract(ROOT_CONTEXT, request.headers, getter)
  const attributes = { 'http.response.status_code': 200 }
  const span = tracer.startSpan('GET /a', { kind: SpanKind.SERVER, attributes }, parent)
  const inside = trace.setSpan(parent, span)
  for (let turn = 0; turn < 3; turn++) tracer.startSpan('work', {}, inside).end()
  response.end('done')
  span.end()
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.once('disconnect', () => process.exit())
