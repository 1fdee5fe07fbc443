import type { Size, TimeSpan } from './units.ts'

/** How large a share of some traces is kept. The first rule that fits decides. */
export interface KeepRuleOptions {
  /** The route, as in `http.route`, with `*` for anything: `'/health*'`. A span without a route is known by its name. Default: every route. */
  route?: string
  /** The tenant, as in `tenant.id`. Default: every tenant. */
  tenant?: string
  /** From 0 to 1. What failed or was slow is kept in any case. */
  share: number
}

/** From which percentile of its route's own durations on a service's part counts as slow. */
export interface SlowPercentileOptions {
  /** Where a trace begins, such as 0.99. */
  entry: number
  /** Everywhere else, such as 0.999: with many parts to a trace, a lower one keeps most traces. */
  inner: number
}

/** Which traces are kept, decided when this service's part of a trace is over. */
export interface KeepOptions {
  /** The share of ordinary traces that is kept, from 0 to 1, by trace id, the same in every service. Default: 0.01. */
  share?: number
  /** Whether every trace is kept in which something failed: a 5xx, a broken answer, a failed call or statement; never a 4xx. Default: true. */
  failed?: boolean
  /** How long a part may take before it is kept as slow: a time (`'1s'`, milliseconds), percentiles, or false. Default: `'1s'`. */
  slowerThan?: TimeSpan | SlowPercentileOptions | false
  /** Shares of some routes and tenants. Default: none. */
  rules?: readonly KeepRuleOptions[]
  /** Most traces a second that are kept because they failed, were slow or fit a rule; the rarest come first. What is beyond is kept by its share. Default: 50. */
  perSecond?: number
  /** A secret of 16 characters or more: a request whose `callchain-keep` header has a token of `createKeepToken()` is kept whole, once a second at most, whoever sends it. Give it to every service. Default: none: nobody can. */
  forceKey?: string
  /** Most memory for spans of which nothing is decided yet and of those remembered: bytes or text such as `'16 MB'`. Default: `'16 MB'`. */
  memory?: Size
  /** How long a part that was not kept can still be rescued when another service keeps the trace: a time such as `'10s'`, or 0 for not at all. What is remembered outlives the quick part of garbage collection, so it costs CPU. Default: 0. */
  remember?: TimeSpan
}
