import { isWhole } from './chain.js'

/** @typedef {import('./spans.js').Span} Span */
/** @typedef {{ traceId: string, spans: Span[] }} Chain */

/**
 * @typedef {object} Chains
 * @property {(spans: Span[]) => void} add takes the spans of an export in
 * @property {() => Chain[]} all the chains of late, oldest first
 * @property {(look: () => void) => () => void} watch calls back after every export; returns how to end that
 */

const patienceMs = 5_000
const mostChains = 200

/**
 * Puts spans together to chains as they arrive, in whatever order.
 * @param {(chain: Chain, whole: boolean) => void} onChain told once of each chain: when it is whole,
 *   or after five seconds without the rest
 * @returns {Chains}
 */
export function collectChains(onChain) {
  /** @type {Map<string, Chain>} */
  const chains = new Map()
  /** @type {Map<Chain, NodeJS.Timeout>} */
  const untold = new Map()
  /** @type {Set<() => void>} */
  const watchers = new Set()

  /** @param {Chain} chain @param {boolean} whole */
  const tell = (chain, whole) => {
    clearTimeout(untold.get(chain))
    if (untold.delete(chain)) onChain(chain, whole)
  }
  /** @param {string} traceId */
  const open = (traceId) => {
    const chain = { traceId, spans: [] }
    chains.set(traceId, chain)
    untold.set(chain, setTimeout(() => tell(chain, false), patienceMs).unref())
    const [oldest] = chains.values()
    if (oldest && chains.size > mostChains) {
      tell(oldest, false)
      chains.delete(oldest.traceId)
    }
    return chain
  }

  return {
    add(spans) {
      for (const span of spans) keep(span, chains.get(span.traceId) ?? open(span.traceId))
      for (const chain of untold.keys()) if (isWhole(chain.spans)) tell(chain, true)
      for (const look of watchers) look()
    },
    all: () => [...chains.values()],
    watch(look) {
      watchers.add(look)
      return () => watchers.delete(look)
    },
  }
}

/**
 * An export that is sent again brings spans that are there already.
 * @param {Span} span
 * @param {Chain} chain
 */
function keep(span, chain) {
  if (!chain.spans.some(({ id }) => id === span.id)) chain.spans.push(span)
}
