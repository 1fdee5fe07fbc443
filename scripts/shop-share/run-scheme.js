import { readFileSync } from 'node:fs'
import { bootShop } from '../../examples/shop/runner/boot.js'
import { kinds, sendOrder } from '../../examples/shop/runner/customers.js'
import { startReceiver } from '../../examples/shop/runner/receiver.js'

/** So many orders are under way at once. */
const AT_ONCE = 4
/** One order in so many is not an ordinary one. */
const RARE_EVERY = 50

const ordinary = kinds.filter(({ name }) => name === 'ok' || name === 'rejected')
const rare = kinds.filter(({ name }) => name === 'failed' || name === 'slow')
/** How long the statement of the slow order takes, in milliseconds, about. */
const SLOW_MILLIS = 2500
/** A slow order that took less counts for nothing. */
const SURELY_SLOW_MILLIS = 1300

/**
 * Runs the shop with `keep`, sends it so many orders, and tells what has arrived.
 * @param {object | undefined} keep
 * @param {number} orders
 */
export async function runScheme(keep, orders) {
  const spans = []
  const receiver = await startReceiver((some) => spans.push(...some))
  process.env.SHOP_KEEP = keep === undefined ? '' : JSON.stringify(keep)
  process.env.SLOW_MS = String(SLOW_MILLIS)
  delete process.env.DATABASE_URL
  const listeners = {
    onLog() {},
    onWarning: (name, line) => console.error(name, line),
    onLost() {},
  }
  try {
    const shop = await bootShop({ endpoint: receiver.endpoint }, listeners)
    let sent
    let megabytes
    try {
      sent = await sendAll(shop.gateway, orders)
      megabytes = memoryOf(shop.processes.filter(({ name }) => name !== 'database'))
    } finally {
      await shop.stop()
    }
    return { spans: spans.length, chains: chainsOf(sent, spans), megabytes }
  } finally {
    await receiver.stop()
  }
}

/** The ids of the orders, by kind. What is rare runs alone: the slow one would slow down others. */
async function sendAll(gateway, orders) {
  const sent = new Map(kinds.map(({ name }) => [name, []]))
  const send = async (kind, turn) => {
    const began = performance.now()
    const { id, status } = await sendOrder(gateway, kind, turn)
    const millis = performance.now() - began
    if (status !== kind.status) throw new Error(`The ${kind.name} order was answered ${status}`)
    // How long the statement takes was measured at the start, when the machine may have been busier.
    if (kind.name === 'slow' && millis < SURELY_SLOW_MILLIS) return
    sent.get(kind.name).push(id)
  }
  // The first of all pays for cold code.
  await sendOrder(gateway, kinds[0], 0)
  for (let turn = 0; turn < orders; turn += RARE_EVERY) {
    await send(rare[(turn / RARE_EVERY) % rare.length], turn)
    let left = RARE_EVERY - 1
    const work = async () => {
      while (left > 0) {
        left -= 1
        await send(ordinary[left % ordinary.length], turn + left)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }
  // What was kept late is told by ordinary requests.
  for (let turn = 0; turn < 10; turn += 1) await send(ordinary[0], turn)
  return sent
}

/** What has arrived of each order: how many spans, and which steps. */
function chainsOf(sent, spans) {
  const traces = new Map()
  const byOrder = new Map()
  for (const span of spans) {
    const trace = traces.get(span.traceId) ?? []
    traces.set(span.traceId, trace)
    trace.push(span)
    const order = span.attributes['order.id']
    if (order !== undefined) byOrder.set(order, trace)
  }
  const chainOf = (id) => {
    const some = byOrder.get(id) ?? []
    const steps = some.filter(isOnPath).map(({ service, name }) => `${service} ${name}`)
    return { spans: some.length, path: steps }
  }
  return new Map([...sent].map(([name, ids]) => [name, ids.map(chainOf)]))
}

/** From the entry to the statement that failed or was slow: the shipment comes after it. */
function isOnPath({ kind, service, name }) {
  if (service === 'shipping') return false
  return kind === 'server' || (service === 'inventory' && /^(SELECT|UPDATE)/.test(name))
}

/** The resident memory of each, in the middle. */
function memoryOf(processes) {
  const all = processes.map(({ pid }) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1000
  })
  return all.reduce((sum, each) => sum + each, 0) / all.length
}
