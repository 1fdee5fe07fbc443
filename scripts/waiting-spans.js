// Measures how much memory, inside the heap and outside it, a span holds while it waits to be sent:
// the SERVER span of a request, recorded by startTracing() and by OpenTelemetry's SDK. Fails when ours
// holds more than 1 kB. Usage, on built packages: node --expose-gc scripts/waiting-spans.js
import { createRequire } from 'node:module'
import { startTracing } from '../packages/sdk/dist/esm/index.js'

const requireOfSdk = createRequire(new URL('../packages/sdk/package.json', import.meta.url))
const { trace } = requireOfSdk('@opentelemetry/api')

const SPANS = 20_000
const MAX_BYTES = 1000
const settled = async () => {}
const processor = { onStart() {}, onEnd() {}, forceFlush: settled, shutdown: settled }

await measure({ spanProcessors: [] })
const own = await measure({ spanProcessors: [] })
const official = await measure({ spanProcessors: [processor] })
console.log(
  `a span that waits holds ${own} bytes; one of OpenTelemetry's SDK ${official} (mean of ${SPANS}, Node ${process.version})`,
)
if (own > MAX_BYTES) {
  console.log(`  at most ${MAX_BYTES} bytes are allowed`)
  process.exitCode = 1
}

/** Bytes for each span of those that wait at once. */
async function measure(options) {
  const tracing = startTracing({
    ...options,
    serviceName: 'a',
    endpoint: 'http://127.0.0.1:1',
    exitTimeoutMillis: 0,
    batch: { maxQueueSize: SPANS, maxQueueBytes: 1e9, scheduledDelayMillis: 1e6 },
  })
  const before = heldBytes()
  // Nothing is sent before this turn is over.
  for (let number = 0; number < SPANS; number++) record(number)
  const after = heldBytes()
  const write = process.stderr.write
  process.stderr.write = () => true
  await tracing.shutdown()
  process.stderr.write = write
  return Math.round((after - before) / SPANS)
}

function heldBytes() {
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function record(number) {
  const attributes = {
    'http.request.method': 'GET',
    'url.path': `/users/${number}`,
    'url.scheme': 'http',
    'server.address': 'orders.example.com',
    'server.port': 8080,
    'network.protocol.version': '1.1',
    'client.address': '10.1.2.3',
    'network.peer.address': '10.1.2.3',
    'network.peer.port': 40_000 + (number % 20_000),
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0',
    'tenant.id': `tenant-${number % 100}`,
    'user.id': `user-${number}`,
  }
  const span = trace.getTracer('http').startSpan('GET', { kind: 1, attributes })
  span.setAttribute('http.route', '/users/:id').setAttribute('http.response.status_code', 200)
  span.updateName('GET /users/:id').end()
}
