import { randomBytes } from 'node:crypto'
import { encodeRequest, encodeSpan } from './encode.js'

const SERVICES = ['gateway', 'orders', 'inventory', 'payments']
const ROUTES = ['/orders', '/orders/:id', '/stock/:sku', '/customers/:id', '/health']
const SPANS_A_TRACE = 16

/**
 * One export request of this many spans, as a service sends it: traces of 16 spans with 9 to 11
 * attributes, every id fresh.
 *
 * @param {number} count
 * @param {number} batch its number; the spans of later ones begin later
 */
export function exportRequest(count, batch) {
  const service = SERVICES[batch % SERVICES.length]
  const begin = BigInt(Date.now() - 600_000 + batch * 100) * 1_000_000n
  const spans = []
  for (let trace = 0; trace * SPANS_A_TRACE < count; trace++)
    spans.push(...oneTrace(begin + BigInt(trace) * 1_000_000n, batch * 100 + trace))
  return encodeRequest(service, spans.slice(0, count))
}

function oneTrace(begin, number) {
  const trace = randomBytes(16).toString('hex')
  const root = randomBytes(8).toString('hex')
  const route = ROUTES[number % ROUTES.length]
  const tenant = `tenant-${number % 50}`
  const spans = [
    encodeSpan({
      trace,
      id: root,
      name: `POST ${route}`,
      kind: 2,
      start: begin,
      end: begin + BigInt(20_000_000 + (number % 997) * 100_000),
      error: number % 40 === 0,
      attributes: {
        'http.request.method': 'POST',
        'http.route': route,
        'url.path': `/orders/${number}`,
        'url.scheme': 'http',
        'http.response.status_code': number % 40 === 0 ? 500 : 201,
        'server.address': 'localhost',
        'server.port': 3000,
        'user_agent.original': 'node',
        'client.address': '127.0.0.1',
        'tenant.id': tenant,
        'user.id': `user-${number % 1000}`,
      },
    }),
  ]
  for (let index = 1; index < SPANS_A_TRACE; index++)
    spans.push(statement(trace, root, begin + BigInt(index) * 1_000_000n, index, tenant))
  return spans
}

function statement(trace, parent, start, index, tenant) {
  return encodeSpan({
    trace,
    id: randomBytes(8).toString('hex'),
    parent,
    name: 'SELECT items',
    kind: 3,
    start,
    end: start + BigInt(index) * 50_000n,
    error: false,
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': 'shop',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'items',
      'db.query.text':
        'SELECT items.id, items.name, items.price FROM items JOIN stock ON stock.item_id = items.id WHERE items.order_id = $1 ORDER BY items.position',
      'server.address': 'localhost',
      'server.port': 5432,
      'db.response.returned_rows': index,
      'tenant.id': tenant,
    },
  })
}
