// Records a million spans with startTracing() in a process of its own, in front of a collector that
// takes, refuses, throttles, hangs up and is slow in turn, and fails unless every span that was started
// was sent or said to be lost, to the unit, each request can be decoded, and the heap does not grow from
// the middle of the run to its end. Usage, on built packages: node scripts/soak-spans.js [SPANS]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const DEADLINE_MILLIS = 900_000
const MEGABYTE = 1024 * 1024
const MAX_HEAP_GROWTH = 2 * MEGABYTE

const requireOfSdk = createRequire(new URL('../packages/sdk/package.json', import.meta.url))
const { parse } = requireOfSdk('protobufjs')
const request = parse(`syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { repeated ScopeSpans scope_spans = 2; }
message ScopeSpans { repeated Span spans = 2; }
message Span { bytes trace_id = 1; bytes span_id = 2; string name = 5; }`).root.lookupType(
  'Request',
)

const spans = Number(process.argv[2] ?? 1_000_000)
const collector = startCollector()
const server = createServer(collector.receive).listen(0, '127.0.0.1')
await once(server, 'listening')

const child = spawn(
  process.execPath,
  ['--expose-gc', fileURLToPath(new URL('./soak/spans.js', import.meta.url)), String(spans)],
  {
    env: {
      ...process.env,
      OTEL_SERVICE_NAME: 'soak',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.address().port}`,
    },
    timeout: DEADLINE_MILLIS,
    killSignal: 'SIGKILL',
  },
)
let stdout = ''
let stderr = ''
child.stdout.on('data', (text) => (stdout += text))
child.stderr.on('data', (text) => (stderr += text))
const [code] = await once(child, 'close')
server.close()
server.closeAllConnections()

const lost = [...stderr.matchAll(/(\d+) spans? (?:was|were) lost/g)].reduce(
  (sum, [, count]) => sum + Number(count),
  0,
)
const { middle, end } = code === 0 ? JSON.parse(stdout) : { middle: 0, end: 0 }
const sent = collector.names.size
const megabytes = (bytes) => (bytes / MEGABYTE).toFixed(1)
console.log(
  `${spans} spans started, ${sent} sent in ${collector.taken} requests, ${lost} said to be lost; heap ${megabytes(middle)} MB in the middle, ${megabytes(end)} MB at the end`,
)
const problems = [
  ...(code === 0 ? [] : [`it ended with ${code}: ${stderr.slice(-2000)}`]),
  ...(sent + lost === spans ? [] : [`${spans - sent - lost} spans are not accounted for`]),
  ...(sent > 0 && lost > 0 ? [] : ['it lost nothing or everything, which proves little']),
  ...(collector.broken === 0 ? [] : [`${collector.broken} requests could not be decoded`]),
  ...(end - middle < MAX_HEAP_GROWTH ? [] : [`the heap grew by ${megabytes(end - middle)} MB`]),
]
for (const problem of problems) console.log(`  ${problem}`)
process.exitCode = problems.length > 0 ? 1 : 0

/** A collector that keeps the numbers of the spans it said it took. */
function startCollector() {
  const state = { names: new Set(), taken: 0, broken: 0, receive }
  let requests = 0
  function take(body, response) {
    try {
      for (const { scopeSpans } of request.decode(body).resourceSpans)
        for (const { spans } of scopeSpans) for (const { name } of spans) state.names.add(name)
      state.taken++
    } catch {
      state.broken++
    }
    response.end()
  }
  async function receive(message, response) {
    const body = Buffer.concat(await message.toArray())
    const turn = requests++ % 40
    if (turn === 7) response.writeHead(400).end()
    else if (turn === 17) response.writeHead(429, { 'retry-after': '0' }).end()
    else if (turn === 27) setTimeout(take, 200, body, response)
    else if (turn === 37) response.writeHead(500).end()
    else take(body, response)
  }
  return state
}
