import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'

/** How many spans a request has. */
export const SPANS = 5

/** One request: its span, three statements and a call; nothing in it is a secret. */
export function request(tracer, index) {
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
      .startSpan('SELECT orders', { kind: SpanKind.CLIENT, attributes: select() }, context)
      .end()
  }
  const call = { 'http.request.method': 'GET', 'url.full': 'http://inventory.local/items/7' }
  tracer.startSpan('GET', { kind: SpanKind.CLIENT, attributes: call }, context).end()
  server.setAttribute('http.route', '/orders/:id')
  server.setAttribute('http.response.status_code', 200)
  server.updateName('GET /orders/:id')
  server.end()
}

function select() {
  return {
    'db.system.name': 'postgresql',
    'db.namespace': 'shop',
    'db.query.text': 'select * from orders where id = ?',
    'db.query.summary': 'SELECT orders',
  }
}
