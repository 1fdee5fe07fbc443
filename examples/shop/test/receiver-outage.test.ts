import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { bootShop, type Shop } from '../runner/boot.js'
import { chainsOfOrder } from '../runner/chains-of-order.js'
import { type Chain, collectChains } from '../runner/collect-chains.js'
import { kinds, sendOrder } from '../runner/customers.js'
import { type Receiver, startReceiver } from '../runner/receiver.js'
import { buildPackages } from './run-shop.ts'

jest.setTimeout(300_000)

const services = ['gateway', 'orders', 'inventory']
const chains = collectChains(() => undefined)
const warnings: string[] = []
let receiver: Receiver
let shop: Shop

beforeAll(async () => {
  await buildPackages()
  // The services give an export up after a second, so that spans are lost soon and often.
  process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '1000'
  receiver = await startReceiver(chains.add)
  shop = await bootShop(
    { endpoint: receiver.endpoint },
    {
      onLog: () => undefined,
      onWarning: (name, line) => warnings.push(`${name}: ${whatIsLost(line)}`),
      onLost: (_name, reason) => warnings.push(reason),
    },
  )
})

afterAll(async () => {
  await shop?.stop()
  await receiver?.stop()
  delete process.env.OTEL_EXPORTER_OTLP_TIMEOUT
})

/** What a warning says was lost: nothing else may be said, and each once. */
function whatIsLost(line: string): string {
  return /(span|log line)s? (?:was|were) lost/.exec(line)?.[1] ?? line
}
const expected = services.flatMap((name) => [`${name}: span`, `${name}: log line`]).toSorted()

async function statuses(): Promise<number[]> {
  const answers: number[] = []
  for (const [turn, kind] of kinds.entries()) {
    const { status } = await sendOrder(shop.gateway, kind, turn)
    answers.push(status)
  }
  return answers
}

async function chainOfNewOrder(): Promise<Chain[]> {
  const { id } = await sendOrder(shop.gateway, kinds[0], 0)
  return chainsOfOrder(chains, id, services)
}

describe('killing the receiver while the shop runs', () => {
  it('changes no answer, is said once by a service of spans and once of log lines, and chains come again after it is back', async () => {
    expect(await chainOfNewOrder()).toHaveLength(1)
    const before = await statuses()
    expect(before).toEqual([201, 409, 500, 201])

    await receiver.stop()
    while (new Set(warnings).size < expected.length) expect(await statuses()).toEqual(before)
    for (let round = 0; round < 4; round += 1) expect(await statuses()).toEqual(before)
    expect(warnings.toSorted()).toEqual(expected)

    receiver = await startReceiver(chains.add, { port: receiver.port })
    const patience = Date.now() + 60_000
    let chain: Chain[] = []
    while (chain.length === 0 && Date.now() < patience) chain = await chainOfNewOrder()
    expect(chain).toHaveLength(1)
    expect(new Set(chain[0]?.spans.map(({ service }) => service))).toEqual(new Set(services))
    expect(warnings.toSorted()).toEqual(expected)
  })
})
