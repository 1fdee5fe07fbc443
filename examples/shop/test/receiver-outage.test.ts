import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { bootShop, type Shop } from '../runner/boot.js'
import { isWhole } from '../runner/chain.js'
import { chainsOfOrder, missingServices } from '../runner/chains-of-order.js'
import { type Chain, collectChains } from '../runner/collect-chains.js'
import { kinds, sendOrder } from '../runner/customers.js'
import { type Receiver, startReceiver } from '../runner/receiver.js'
import { buildPackages } from './run-shop.ts'

jest.setTimeout(300_000)

const services = ['gateway', 'orders', 'inventory', 'shipping']
const chains = collectChains(() => undefined)
const warnings: string[] = []
let receiver: Receiver
let shop: Shop

beforeAll(async () => {
  await buildPackages()
  // The services give an export up after a second, so that spans are lost soon and often.
  process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '1000'
  receiver = await startFirstReceiver()
  shop = await bootShop(
    { endpoint: receiver.endpoint },
    {
      onLog: () => undefined,
      onWarning: (name, line) => {
        // Where the outage takes longer than a minute, each says then how many more there were.
        if (!line.includes(' in the last minute: ')) warnings.push(`${name}: ${whatIsLost(line)}`)
      },
      onLost: (_name, reason) => warnings.push(reason),
    },
  )
})

afterAll(async () => {
  await shop?.stop()
  await receiver?.stop()
  delete process.env.OTEL_EXPORTER_OTLP_TIMEOUT
})

/** Starts a receiver on a port that no system hands out to others while it is away. */
async function startFirstReceiver(): Promise<Receiver> {
  try {
    return await startReceiver(chains.add, { port: randomInt(15_000, 32_000) })
  } catch {
    return startFirstReceiver()
  }
}

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

/** The chain of the first new order of which nothing was lost; the test's own time limit ends it. */
async function wholeChainOfNewOrder(): Promise<Chain[]> {
  for (;;) {
    const { id } = await sendOrder(shop.gateway, kinds[0], 0)
    const found = await chainsOfOrder(chains, id, services)
    const spans = found.flatMap((chain) => chain.spans)
    const isComplete = missingServices(services, spans).length === 0 && isWhole(spans)
    if (found.length > 1 || isComplete) return found
  }
}

describe('killing the receiver while the shop runs', () => {
  it('changes no answer, is said once by a service of spans and once of log lines, and chains come again after it is back', async () => {
    expect(await wholeChainOfNewOrder()).toHaveLength(1)
    const before = await statuses()
    expect(before).toEqual([201, 409, 500, 201, 201])

    await receiver.stop()
    while (new Set(warnings).size < expected.length) expect(await statuses()).toEqual(before)
    for (let round = 0; round < 4; round += 1) expect(await statuses()).toEqual(before)
    expect(warnings.toSorted()).toEqual(expected)

    receiver = await startReceiver(chains.add, { port: receiver.port })
    const [chain, ...others] = await wholeChainOfNewOrder()
    expect(others).toEqual([])
    expect(new Set(chain?.spans.map(({ service }) => service))).toEqual(new Set(services))
    expect(warnings.toSorted()).toEqual(expected)
  })
})
