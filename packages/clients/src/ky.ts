import { type ClientOptions, type ClientTracer, createClientTracer } from '@callchain/core'
import { guard } from '@callchain/core/internal'
import type { AttemptDetails } from './call/attempt-details.ts'
import { isTraced, markTraced } from './call/traced.ts'
import { type Fetch, tracedFetch } from './fetch/traced-fetch.ts'

export type { ClientOptions, HostRule, SendOptions } from '@callchain/core'

const DEFAULT_TIMEOUT_MS = 10_000

/** Ky, or an instance that was made of it with `create()` or `extend()`. */
export interface KyInstance {
  create(options: never): unknown
  extend(options: never): unknown
}

type Made = KyOptions | ((parent?: KyOptions) => unknown)
type Make = (options: Made) => KyInstance

/** What ky passes to its hooks, as far as it is needed here. */
interface KyOptions {
  fetch?: Fetch | undefined
  readonly timeout?: number | false
  readonly totalTimeout?: number | false
  hooks?: { beforeRequest?: Hook[]; beforeRetry?: Hook[] }
}

type Hook = (...args: unknown[]) => void

interface KyState {
  readonly request: object
  readonly options: KyOptions
  readonly retryCount?: number
}

/**
 * Traces ky. Returns an instance of the same type that was made of the given one with `extend()`,
 * over the fetch that was given to that one, or the global one. Each attempt on the wire, redirects
 * and retries included, gets its own CLIENT span and only the headers that its host may have
 * (semantic conventions, "HTTP client span"). What is made of it with `create()` or `extend()` is
 * traced as well.
 *
 * With ky 1, a `fetch` that is given with a single call takes its place, and is to be traced itself
 * with `traceFetch()`. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceKy } from '@callchain/clients/ky'
 * import ky from 'ky'
 *
 * const stock = traceKy(ky.create({ headers: { accept: 'application/json' } }))
 *
 * const item = await stock.get('https://stock.example/items/7').json()
 * ```
 */
export function traceKy<K extends KyInstance>(ky: K, options?: ClientOptions): K {
  return isTraced(ky) ? ky : traceInstance(createClientTracer(options), ky)
}

function traceInstance<K extends KyInstance>(tracer: ClientTracer, ky: K): K {
  const extend = ky.extend as Make
  return followMade(tracer, extend((parent) => tracing(tracer, parent?.fetch)) as K)
}

// Traces what is made of a traced instance.
function followMade<K extends KyInstance>(tracer: ClientTracer, ky: K): K {
  const create = ky.create as Make
  const extend = ky.extend as Make
  const made = {
    create: (options: Made) => traceInstance(tracer, create(options)),
    extend: (options: Made) => {
      const child = extend(options)
      return hasTracedFetch(child) ? followMade(tracer, child) : traceInstance(tracer, child)
    },
  }
  return markTraced(Object.assign(ky, made))
}

function hasTracedFetch({ extend }: KyInstance): boolean {
  let given: Fetch | undefined
  const look = (parent?: KyOptions): unknown => {
    given = parent?.fetch
    return {}
  }
  ;(extend as Make)(look)
  return given !== undefined && isTraced(given)
}

function tracing(tracer: ClientTracer, given: Fetch | undefined): unknown {
  const attempts = new WeakMap<object, AttemptDetails>()
  const fetch = tracedFetch(tracer, given, (request) => attempts.get(request as object))
  const note = (...args: unknown[]): void =>
    void guard('tracing ky', () => noteAttempt(attempts, args))
  const init = (options: KyOptions): void => {
    const ofCall = options.fetch === fetch ? given : options.fetch
    options.fetch = tracedFetch(tracer, ofCall, countAttempts(options))
  }
  // Ky 2 begins each call with `init`, where it gets its own fetch; ky 1 has no such hook.
  return { fetch, hooks: { init: [init], beforeRequest: [note], beforeRetry: [note] } }
}

// Ky starts the timer of an attempt right after these hooks, and reports that nowhere.
function countAttempts(options: KyOptions): () => AttemptDetails {
  const { timeout = DEFAULT_TIMEOUT_MS, totalTimeout, hooks = {} } = options
  const end = performance.now() + (totalTimeout || Number.POSITIVE_INFINITY)
  let since = performance.now()
  let resent = 0
  const note = (): void => {
    since = performance.now()
  }
  const { beforeRequest = [], beforeRetry = [] } = hooks
  options.hooks = {
    ...hooks,
    beforeRequest: [...beforeRequest, note],
    beforeRetry: [...beforeRetry, note],
  }
  return () => ({
    resent: resent++,
    deadline: Math.min(since + (timeout || Number.POSITIVE_INFINITY), end),
  })
}

// Ky 1 passes three arguments to a hook before a request, and one object before a retry.
function noteAttempt(attempts: WeakMap<object, AttemptDetails>, args: readonly unknown[]): void {
  const [first, options, state] = args
  const known = args.length === 1 ? first : { request: first, options, ...(state as object) }
  const {
    request,
    options: { timeout },
    retryCount = 0,
  } = known as KyState
  const deadline = performance.now() + (timeout || Number.POSITIVE_INFINITY)
  attempts.set(request, { resent: retryCount, deadline })
}
