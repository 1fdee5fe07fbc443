import { isWhole } from './chain.js'

/** @typedef {import('./collect-chains.js').Chain} Chain */

const patienceMs = 5_000

/**
 * Waits for the chain of an order.
 * @param {import('./collect-chains.js').Chains} chains
 * @param {string} order its id, which every service notes on its span
 * @param {string[]} services that must all have taken part
 * @returns {Promise<Chain[]>} one, when it is complete; after five seconds what there is of it,
 *   which is more than one if its trace broke on the way
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
      const [chain, ...others] = found()
      const complete =
        chain && isWhole(chain.spans) && missingServices(services, chain).length === 0
      if (complete && others.length === 0) end()
    }
    const deadline = setTimeout(end, patienceMs)
    const unwatch = chains.watch(look)
    look()
  })
}

/**
 * The services that no span of a chain comes from.
 * @param {string[]} services
 * @param {Chain} chain
 */
export function missingServices(services, chain) {
  const present = new Set(chain.spans.map((span) => span.service))
  return services.filter((service) => !present.has(service))
}

/** @param {string} order @param {Chain} chain */
function isOf(order, chain) {
  return chain.spans.some((span) => span.attributes['order.id'] === order)
}
