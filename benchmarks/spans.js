// What a span costs alone, recorded and encoded: the recorder, and OpenTelemetry's SDK 2 with its own
// serialiser. CPU nanoseconds a span; the turns alternate, and the middle one counts.
//
//   npm run build && node benchmarks/spans.js
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { createRecorderProvider, createSpanQueue } from '../packages/recorder/dist/esm/index.js'

const TURNS = 9
const SPANS = 20_480
/** The capacity of the SDK's queue. */
const BATCH = 512

/** Callers are many, and a text that recurs is another one each time, as one read from a socket is. */
const callers = Array.from({ length: BATCH }, (_, index) => ({
  context: trace.setSpanContext(ROOT_CONTEXT, {
    traceId: `0af7651916cd43dd8448eb21${String(index).padStart(8, '1')}`,
    spanId: `b7ad6b71${String(index).padStart(8, '1')}`,
    traceFlags: 1,
    isRemote: true,
  }),
  host: textOf('shop.example.com'),
  address: textOf('203.0.113.9'),
  peer: textOf('10.1.2.3'),
  agent: textOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0'),
  tenant: textOf('acme'),
}))

function textOf(text) {
  return Buffer.from(text).latin1Slice()
}

/** A SERVER span as a web framework makes it. */
function serve(tracer, index) {
  const caller = callers[index % callers.length]
  const attributes = {
    'http.request.method': 'GET',
    'url.scheme': 'https',
    'url.path': `/users/${index}`,
    'server.address': caller.host,
    'server.port': 443,
    'client.address': caller.address,
    'network.peer.address': caller.peer,
    'network.peer.port': 40_000 + (index % 1000),
    'network.protocol.version': '1.1',
    'user_agent.original': caller.agent,
    'tenant.id': caller.tenant,
  }
  const span = tracer.startSpan('GET', { kind: SpanKind.SERVER, attributes }, caller.context)
  span.setAttribute('http.route', '/users/:id')
  span.updateName('GET /users/:id')
  span.setAttribute('http.response.status_code', 200)
  span.end()
}

function withSdk() {
  let ended = []
  let bytes = 0
  const provider = new TracerProvider({
    spanProcessors: [
      {
        onStart() {},
        onEnd: (span) => ended.push(span),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  })
  const tracer = provider.getTracer('benchmark', '1.0.0')
  const send = () => {
    bytes += ProtobufTraceSerializer.serializeRequest(ended).length
    ended = []
  }
  return { tracer, send, bytes: () => bytes }
}

function withRecorder() {
  const queue = createSpanQueue({ resource: { 'service.name': 'benchmark' } })
  let bytes = 0
  const tracer = createRecorderProvider({ sink: queue }).getTracer('benchmark', '1.0.0')
  const send = () => {
    for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
      bytes += chunk.bytes.length
      queue.release(chunk)
    }
  }
  return { tracer, send, bytes: () => bytes }
}

function nanoseconds({ tracer, send, bytes }) {
  const before = bytes()
  const start = process.cpuUsage()
  for (let index = 0; index < SPANS; index += 1) {
    serve(tracer, index)
    if (index % BATCH === BATCH - 1) send()
  }
  const { user, system } = process.cpuUsage(start)
  if (bytes() - before < 300 * SPANS) throw new Error('spans are missing')
  return ((user + system) * 1000) / SPANS
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

const [sdk, recorder] = [withSdk(), withRecorder()]
const figures = { sdk: [], recorder: [] }
for (let turn = 0; turn < TURNS; turn += 1) {
  figures.sdk.push(nanoseconds(sdk))
  figures.recorder.push(nanoseconds(recorder))
}
const [theirs, ours] = [median(figures.sdk), median(figures.recorder)]
console.log(`SDK 2 and its serialiser: ${theirs.toFixed(0)} ns a span`)
console.log(`recorder: ${ours.toFixed(0)} ns a span, ${(ours / theirs).toFixed(2)} of it`)
