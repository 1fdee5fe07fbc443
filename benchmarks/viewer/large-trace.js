import { encodeRequest, encodeSpan } from './encode.js'

const SERVICES = ['gateway', 'orders', 'inventory', 'payments', 'shipping']
const CHILDREN = 8
const REQUEST = 2000

/** Sends one trace of this many spans, eight children each, and returns its id. */
export async function sendLargeTrace(viewer, count, number) {
  const trace = number.toString(16).padStart(32, 'a')
  const byService = new Map(SERVICES.map((name) => [name, []]))
  const spans = []
  for (let at = 0; at < count; at += 1) {
    const span = at === 0 ? root(number) : childOf(spans[Math.floor((at - 1) / CHILDREN)], at)
    spans.push(span)
    byService.get(span.service).push(encoded(trace, at, span, count))
  }
  // Making them takes seconds; what has closed meanwhile must be seen to be closed before it is used.
  await viewer.usage()
  for (const [service, list] of byService) {
    for (let from = 0; from < list.length; from += REQUEST) {
      const body = encodeRequest(service, list.slice(from, from + REQUEST))
      await viewer.send('/v1/traces', body, { 'content-type': 'application/x-protobuf' })
    }
  }
  return trace
}

function root(number) {
  const start = BigInt(Date.now() - 60_000 - number * 1000) * 1_000_000n
  return { depth: 0, service: SERVICES[0], start, took: 10_000_000_000n }
}

function childOf(parent, at) {
  const depth = parent.depth + 1
  const slot = parent.took / BigInt(CHILDREN + 1)
  const start = parent.start + slot * BigInt((at - 1) % CHILDREN) + slot / 10n
  const service = SERVICES[(depth + (at % 3)) % SERVICES.length]
  return { depth, service, start, took: (slot * 9n) / 10n }
}

function encoded(trace, at, { service, start, took }, count) {
  const isLeaf = at * CHILDREN + 1 >= count
  const parent = at === 0 ? undefined : idOf(Math.floor((at - 1) / CHILDREN))
  return encodeSpan({
    trace,
    id: idOf(at),
    parent,
    name: isLeaf ? 'SELECT items' : `POST /${service}/:id`,
    kind: isLeaf ? 3 : 2,
    start,
    end: start + took,
    error: at % 500 === 499,
    attributes: isLeaf ? statement(at) : request(service, at),
  })
}

const idOf = (at) => (at + 1).toString(16).padStart(16, 'b')

const statement = (at) => ({
  'db.system.name': 'postgresql',
  'db.namespace': 'shop',
  'db.operation.name': 'SELECT',
  'db.collection.name': 'items',
  'db.query.text': `SELECT id, name, price FROM items WHERE order_id = $1 AND part = ${at % 40}`,
  'server.address': 'localhost',
  'server.port': 5432,
  'tenant.id': 'acme',
})

const request = (service, at) => ({
  'http.request.method': 'POST',
  'http.route': `/${service}/:id`,
  'url.path': `/${service}/${at}`,
  'http.response.status_code': 200,
  'server.address': 'localhost',
  'tenant.id': 'acme',
  'user.id': 'ada',
})
