import type { Span } from '../runner/spans.js'

let ids = 0

/** A span for a test: 100 ms of a server unless told otherwise. */
export function span(given: Partial<Span>): Span {
  ids += 1
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    id: String(ids),
    parentId: undefined,
    service: 'gateway',
    name: 'POST /orders',
    kind: 'server',
    start: 0,
    end: 100,
    failed: false,
    message: '',
    attributes: {},
    ...given,
  }
}

/** The spans of a slow order: gateway, its call, inventory, and the query that took the time. */
export function slowOrder(): Span[] {
  const gateway = span({
    end: 620,
    attributes: { 'http.response.status_code': 201, 'tenant.id': 'acme', 'user.id': 'ada' },
  })
  const call = span({
    parentId: gateway.id,
    kind: 'client',
    name: 'POST',
    start: 5,
    end: 615,
    attributes: { 'http.request.method': 'POST', 'http.response.status_code': 201 },
  })
  const inventory = span({
    parentId: call.id,
    service: 'inventory',
    name: 'POST /reservations',
    start: 8,
    end: 612,
    attributes: { 'http.response.status_code': 201 },
  })
  const query = span({
    parentId: inventory.id,
    service: 'inventory',
    kind: 'client',
    name: 'SELECT stock_level',
    start: 10,
    end: 610,
    attributes: { 'db.query.text': 'SELECT available FROM stock_level WHERE sku = $1' },
  })
  return [gateway, call, inventory, query]
}
