import { isWhole } from './chain.js'

/** @typedef {import('./collect-chains.js').Chain} Chain */

const patienceMs = 20_000

/**
 * Waits for the chain of an order.
 * @param {import('./collect-chains.js').Chains} chains
 * @param {string} order its id, which every service notes on its span
 * @param {string[]} services that must all have taken part
 * @returns {Promise<Chain[]>} one, when it is complete; more, when its trace broke on the way; after
 *   twenty seconds what there is
 */
export function chainsOfOrder(chains, order, services) {
  const found = () => chains.all().filter((chain) => isOf(order, chain))
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(deadline)
      unwatch()
      resolve(found())
    }
    const look = () => {
      const all = found()
      const spans = all.flatMap((chain) => chain.spans)
      const isBroken = all.length > 1
      if (missingServices(services, spans).length === 0 && (isBroken || isWhole(spans))) end()
    }
    const deadline = setTimeout(end, patienceMs)
    const unwatch = chains.watch(look)
    look()
  })
}

/**
 * The services that no span comes from.
 * @param {string[]} services
 * @param {import('./spans.js').Span[]} spans
 */
export function missingServices(services, spans) {
  const present = new Set(spans.map((span) => span.service))
  return services.filter((service) => !present.has(service))
}

/** @param {string} order @param {Chain} chain */
function isOf(order, chain) {
  return chain.spans.some((span) => span.attributes['order.id'] === order)
}
