import { isWhole } from './chain.js'
import { chainsOfOrder, missingServices } from './chains-of-order.js'
import { kinds, sendOrder } from './customers.js'
import { linesOfTrace } from './lines-of-trace.js'

const answering = ['gateway', 'orders', 'inventory']

/** The services that take part in an order. @param {import('./customers.js').Kind} kind */
export function servicesOf(kind) {
  return kind.isShipped ? [...answering, 'shipping'] : answering
}

/**
 * @typedef {object} Stage
 * @property {string} gateway
 * @property {import('./collect-chains.js').Chains} chains
 * @property {import('./log-book.js').LogBook} book
 * @property {(spans: import('./spans.js').Span[]) => void} show
 * @property {(lines: import('./log-book.js').LogLine[]) => void} showLines
 * @property {(kind: import('./customers.js').Kind) => void} announce
 */

/**
 * Sends one order of each kind and shows its chain, the last one with its log lines.
 * @param {Stage} stage
 * @returns {Promise<string[]>} what is wrong, one sentence each; none when every chain is complete
 */
export async function runOnce({ gateway, chains, book, show, showLines, announce }) {
  const complaints = []
  let trace = ''
  /** @type {string[]} */
  let services = []
  // The very first order pays for cold code and first connections; it would look slow for no reason.
  await sendOrder(gateway, kinds[0], 0)
  for (const [turn, kind] of kinds.entries()) {
    announce(kind)
    const { id, status } = await sendOrder(gateway, kind, turn)
    const found = await chainsOfOrder(chains, id, servicesOf(kind))
    for (const chain of found) show(chain.spans)
    trace = found[0]?.spans[0]?.traceId ?? trace
    services = servicesOf(kind)
    complaints.push(...complaintsAbout(kind, status, found))
  }
  const lines = await linesOfTrace(book, trace, services)
  showLines(lines)
  for (const service of services) {
    if (!lines.some((line) => line.service === service))
      complaints.push(`The last order has no log line of ${service}.`)
  }
  return complaints
}

/**
 * @param {import('./customers.js').Kind} kind
 * @param {number} status
 * @param {import('./collect-chains.js').Chain[]} found
 * @returns {string[]}
 */
function complaintsAbout(kind, status, found) {
  const order = `The ${kind.name} order`
  const complaints = []
  if (status !== kind.status) {
    complaints.push(`${order} was answered ${status}, not ${kind.status}.`)
  }
  const [chain, ...others] = found
  if (!chain) return [...complaints, `${order} left no trace.`]
  if (others.length > 0) complaints.push(`${order} fell apart into ${found.length} traces.`)
  const missing = missingServices(servicesOf(kind), chain.spans)
  if (missing.length > 0) complaints.push(`${order} has no span of ${missing.join(' and ')}.`)
  if (complaints.length === 0 && !isWhole(chain.spans))
    complaints.push(`${order} has gaps in its chain.`)
  return complaints
}
