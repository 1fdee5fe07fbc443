import { assertChain, chain, type SpanCollector, startCollector } from '@callchain/testing'
import '@callchain/testing/jest'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { bootShop, type Shop } from '../runner/boot.js'
import { customer, type Kind, kinds } from '../runner/customers.js'
import { servicesOf } from '../runner/run-once.js'
import { buildPackages } from './run-shop.ts'

jest.setTimeout(300_000)

let collector: SpanCollector
let shop: Shop

beforeAll(async () => {
  await buildPackages()
  collector = await startCollector()
  const ignore = (): void => undefined
  const listeners = { onLog: ignore, onWarning: ignore, onLost: ignore }
  shop = await bootShop({ endpoint: collector.url, withIndex: true }, listeners)
})
afterAll(async () => {
  await shop?.stop()
  await collector?.close()
})

function kindOf(name: string): Kind {
  const kind = kinds.find((each) => each.name === name)
  if (kind === undefined) throw new Error(`There is no order of the kind ${name}`)
  return kind
}

/** Sends an order, and waits for its chain in all services that take part, the warehouse included. */
async function order(name: string) {
  const kind = kindOf(name)
  const shown = await chain(
    ({ headers }) =>
      fetch(`${shop.gateway}/orders`, {
        method: 'POST',
        headers: { ...customer(0), ...headers },
        body: JSON.stringify({ sku: kind.sku, quantity: 1 }),
      }).then((answer) => answer.status),
    {
      collector,
      timeout: 60_000,
      until: ({ spans }) => {
        const services = new Set(spans.map(({ service }) => service))
        return servicesOf(kind).every((service) => services.has(service))
      },
    },
  )
  expect(shown.result).toBe(kind.status)
  // No order asks for the same thing twice, calls anybody else, or loses its tenant on the way.
  assertChain(shown, {
    repeatedStatements: false,
    callsOnly: ['localhost'],
    carries: { 'tenant.id': 'acme', 'user.id': 'ada' },
  })
  return shown
}

describe('the chain of an order', () => {
  it('is two statements in stock and one of the warehouse', async () => {
    const shown = await order('ok')
    expect(shown).toMatchChain(`
      POST /orders  201
        POST localhost → POST /orders  201
          POST localhost → POST /reservations  201
            SELECT stock_level
            UPDATE shelf
          send shipments
            process shipments
              INSERT shipment
    `)
    expect(shown).not.toHaveErrors()
  })

  it('is one statement where it is out of stock', async () => {
    const shown = await order('rejected')
    expect(shown).toRunStatements(1)
    expect(shown).toMakeCalls(2, 'localhost')
  })

  it('fails in every service where it breaks a constraint', async () => {
    const shown = await order('failed')
    expect(shown).toRunStatements(2)
    expect(shown).toHaveErrors()
  })
})
