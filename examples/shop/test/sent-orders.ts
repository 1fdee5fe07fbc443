import {
  type FlatLog,
  type FlatSpan,
  logsIn,
  type OtlpJson,
  spansIn,
} from '../../../test/backends/otlp-json.ts'
import { bootShop } from '../runner/boot.js'
import { chainsOfOrder } from '../runner/chains-of-order.js'
import { collectChains } from '../runner/collect-chains.js'
import { kinds, sendOrder } from '../runner/customers.js'
import { type Export, startReceiver } from '../runner/receiver.js'
import { servicesOf } from '../runner/run-once.js'
import { buildPackages } from './run-shop.ts'

/** What the services of the shop have sent for one order of each kind. */
export interface SentOrders {
  readonly spans: readonly FlatSpan[]
  readonly logs: readonly FlatLog[]
  /** The trace of each kind of order, by its name. */
  readonly traces: ReadonlyMap<string, string>
  /** The spans of a kind of order. */
  spansOf(kind: string): FlatSpan[]
}

/**
 * Runs the shop for one order of each kind, and hands what its services send to the OTLP endpoint at
 * `url`, as it came: spans and log lines, or `only` one of them. `variables` are set for the services
 * meanwhile.
 */
export async function sendOrders(
  url: string,
  variables: Readonly<Record<string, string>> = {},
  only?: '/v1/traces' | '/v1/logs',
): Promise<SentOrders> {
  await buildPackages()
  const spans: FlatSpan[] = []
  const logs: FlatLog[] = []
  let forwarding = Promise.resolve()
  const onExport = (received: Export): void => {
    const body = JSON.parse(String(received.body)) as OtlpJson
    spans.push(...spansIn(body))
    logs.push(...logsIn(body))
    if (only !== undefined && received.path !== only) return
    forwarding = forwarding.then(() => post(url, received))
  }
  const traces = await inEnvironment(variables, () => order(onExport))
  await forwarding
  const spansOf = (kind: string): FlatSpan[] =>
    spans.filter(({ traceId }) => traceId === traces.get(kind))
  return { spans, logs, traces, spansOf }
}

/** Sends the orders; everything is sent when it returns. */
async function order(onExport: (received: Export) => void): Promise<Map<string, string>> {
  const chains = collectChains(() => undefined)
  const receiver = await startReceiver(chains.add, { onExport })
  const traces = new Map<string, string>()
  try {
    const ignore = (): void => undefined
    const listeners = { onLog: ignore, onWarning: ignore, onLost: ignore }
    const shop = await bootShop({ endpoint: receiver.endpoint }, listeners)
    try {
      for (const [turn, kind] of kinds.entries()) {
        const { id } = await sendOrder(shop.gateway, kind, turn)
        const [chain] = await chainsOfOrder(chains, id, servicesOf(kind))
        traces.set(kind.name, chain?.traceId ?? '')
      }
    } finally {
      await shop.stop()
    }
  } finally {
    await receiver.stop()
  }
  return traces
}

async function post(url: string, { path, body }: Export): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url + path, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`${url}${path} answered ${answer.status}`)
}

/** Its own database as well: another suite's shop may run on the one of the tests, and take its shipments. */
async function inEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env }
  Object.assign(process.env, variables)
  delete process.env.DATABASE_URL
  try {
    return await work()
  } finally {
    for (const name of [...Object.keys(variables), 'DATABASE_URL']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
}
