import { type ClientOptions, createClientTracer } from '@callchain/core'
import { type Fetch, tracedFetch } from './fetch/traced-fetch.ts'

export type { ClientOptions, HostRule, SendOptions } from '@callchain/core'
export type { Fetch } from './fetch/traced-fetch.ts'

/**
 * Traces a `fetch`: the global one by default, looked up at each call, undici's, or your own.
 * Returns a function of the same type. Each attempt on the wire, redirects included, gets its own
 * CLIENT span and only the headers that its host may have (semantic conventions, "HTTP client span").
 *
 * The span ends with the body, or with the headers when the body is not read. Throws a TypeError for
 * an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceFetch } from '@callchain/clients/fetch'
 *
 * const fetch = traceFetch(undefined, { internalHosts: ['.acme.example'] })
 *
 * const response = await fetch('https://stock.acme.example/items/7')
 * ```
 */
export function traceFetch(fetch?: undefined, options?: ClientOptions): typeof globalThis.fetch
export function traceFetch<F extends Fetch>(fetch: F, options?: ClientOptions): F
export function traceFetch(fetch?: Fetch, options?: ClientOptions): Fetch {
  return tracedFetch(createClientTracer(options), fetch)
}
