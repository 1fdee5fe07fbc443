import type { TestSpan } from '../spans.ts'

/** gateway calls orders. */
export const shopCall: readonly TestSpan[] = [
  { id: 1, service: 'gateway', name: 'POST /orders', kind: 'server', took: 100 },
  { id: 2, parent: 1, service: 'gateway', name: 'POST', kind: 'client', at: 10, took: 80 },
  { id: 3, parent: 2, service: 'orders', name: 'POST /save', kind: 'server', at: 15, took: 60 },
]

/** The statement that orders runs while it is called. */
export const shopStatement: TestSpan = {
  id: 4,
  parent: 3,
  service: 'orders',
  name: 'SELECT items',
  kind: 'client',
  at: 20,
  took: 30,
  attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop' },
}

/** A trace of two services and a database: gateway calls orders, which runs a statement. */
export const shop: readonly TestSpan[] = [...shopCall, shopStatement]
