// What `keep` costs a request of five spans, in CPU: next to a request that is sent, and one that the
// sampler leaves out. The variants take turns within one process, each time in another order: what one
// leaves to the garbage collector is paid for by whoever comes next.
//
//   npm run build && node benchmarks/keep.js [turns]

import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import {
  alwaysOff,
  createRecorderProvider,
  createSpanQueue,
} from '../packages/recorder/dist/esm/index.js'
import { keepSampler } from '../packages/sdk/dist/esm/keep/keep-sampler.js'
import { keepRecords } from '../packages/sdk/dist/esm/keep/keep-spans.js'
import { readKeepSettings } from '../packages/sdk/dist/esm/keep/settings.js'
import { median } from './harness/statistics.js'

const REQUESTS = 5000
const BATCH = 100
const turns = Number(process.argv[2] ?? 31)

const variants = {
  'left out by the sampler': () => variant({ sampler: alwaysOff }),
  sent: () => variant({}),
  'judged and let go': () => variant({ keep: { share: 0, remember: 0 } }),
  'judged, let go and remembered': () => variant({ keep: { share: 0, remember: '10s' } }),
}

function variant({ sampler, keep }) {
  const queue = createSpanQueue({ resource: { 'service.name': 'benchmark' } })
  const kept = keep && keepRecords(readKeepSettings(keep), queue)
  const provider = createRecorderProvider({
    sink: kept?.sink ?? queue,
    ...(kept ? { sampler: keepSampler(kept.keeper) } : sampler && { sampler }),
  })
  const tracer = provider.getTracer('benchmark', '1.0.0')
  const send = () => {
    for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) queue.release(chunk)
  }
  return { tracer, send }
}

function request(tracer, index) {
  const attributes = {
    'http.request.method': 'GET',
    'url.scheme': 'http',
    'url.path': `/orders/${index}`,
    'url.query': 'page=1',
    'server.address': 'orders.local',
    'server.port': 8080,
    'client.address': '10.1.2.3',
    'network.peer.address': '10.1.2.3',
    'network.peer.port': 50_000,
    'network.protocol.version': '1.1',
    'user_agent.original': 'benchmark/1.0',
    'tenant.id': 'acme',
  }
  const server = tracer.startSpan('GET', { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT)
  const context = trace.setSpan(ROOT_CONTEXT, server)
  for (let statement = 0; statement < 3; statement++) {
    tracer
      .startSpan(
        'SELECT orders',
        {
          kind: SpanKind.CLIENT,
          attributes: {
            'db.system.name': 'postgresql',
            'db.namespace': 'shop',
            'db.query.text': 'select * from orders where id = ?',
            'db.query.summary': 'SELECT orders',
          },
        },
        context,
      )
      .end()
  }
  const call = { 'http.request.method': 'GET', 'url.full': 'http://inventory.local/items/7' }
  tracer.startSpan('GET', { kind: SpanKind.CLIENT, attributes: call }, context).end()
  server.setAttribute('http.route', '/orders/:id')
  server.setAttribute('http.response.status_code', 200)
  server.updateName('GET /orders/:id')
  server.end()
}

function shuffled(length) {
  return Array.from({ length }, (_, at) => ({ at, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ at }) => at)
}

const names = Object.keys(variants)
const all = names.map((name) => variants[name]())
const samples = names.map(() => [])
for (let turn = -3; turn < turns; turn++) {
  for (const at of shuffled(names.length)) {
    const { tracer, send } = all[at]
    const start = process.cpuUsage()
    for (let index = 0; index < REQUESTS; index++) {
      request(tracer, index)
      if (index % BATCH === BATCH - 1) send()
    }
    const { user, system } = process.cpuUsage(start)
    if (turn >= 0) samples[at].push((user + system) / REQUESTS)
  }
}
const sent = samples[names.indexOf('sent')]
for (const [at, name] of names.entries()) {
  const ratio = median(samples[at].map((value, turn) => value / sent[turn]))
  console.log(
    `${name}: ${median(samples[at]).toFixed(1)} µs a request, ${ratio.toFixed(2)} of one that is sent`,
  )
}
