import { type ClientOptions, createClientTracer } from '@callchain/core'
import type { AttemptDetails } from './attempt-details.ts'
import { guarded } from './guarded.ts'
import { isTraced, markTraced } from './traced.ts'
import { type Fetch, tracedFetch } from './traced-fetch.ts'

/** Ky, or an instance that was made of it with `create()` or `extend()`. */
export interface KyInstance {
  extend(options: never): unknown
}

interface KyState {
  readonly request: object
  readonly options: { readonly timeout?: unknown }
  readonly retryCount?: number
}

/**
 * Traces ky. Returns an instance of the same type that was made of the given one with `extend()`,
 * over the fetch that was given to that one, or the global one. Each attempt on the wire, redirects
 * and retries included, gets its own CLIENT span and only the headers that its host may have
 * (semantic conventions, "HTTP client span").
 *
 * A `fetch` that is given with a single call takes its place, and is to be traced itself with
 * `traceFetch()`. Throws a TypeError for an option that is not allowed.
 */
export function traceKy<K extends KyInstance>(ky: K, options?: ClientOptions): K {
  if (isTraced(ky)) return ky
  const tracer = createClientTracer(options)
  const attempts = new WeakMap<object, AttemptDetails>()
  const note = (...args: unknown[]): void => void guarded('ky', () => noteAttempt(attempts, args))
  const extend = ky.extend as (options: (parent?: { fetch?: Fetch }) => unknown) => K
  const traced = extend((parent) => ({
    fetch: tracedFetch(tracer, parent?.fetch, (input) => attempts.get(input as object)),
    hooks: { beforeRequest: [note], beforeRetry: [note] },
  }))
  return markTraced(traced)
}

// Ky 1 hands three arguments to a hook before a request, ky 2 one object, as both do before a retry.
function noteAttempt(attempts: WeakMap<object, AttemptDetails>, args: readonly unknown[]): void {
  const [first, options, state] = args
  const known = args.length === 1 ? first : { request: first, options, ...(state as object) }
  const {
    request,
    options: { timeout },
    retryCount = 0,
  } = known as KyState
  attempts.set(request, {
    resent: retryCount,
    timeout: typeof timeout === 'number' ? timeout : undefined,
  })
}
