import { SpanStatusCode } from '@opentelemetry/api'
import type { Limiter } from './limiter.ts'
import type { JudgedSpan, Part, SpanExit, Verdict } from './part.ts'
import type { KeepSettings, ReadRule } from './settings.ts'
import { SlowRoutes } from './slow-routes.ts'
import { CERTAIN, passes, randomnessOf, type Threshold } from './threshold.ts'

const STATUS = 'http.response.status_code'
const ROUTE = 'http.route'
const PATH = 'url.path'
const TENANT = 'tenant.id'
const ERROR_TYPE = 'error.type'

/** Says what is worth keeping. */
export class Judge<S extends JudgedSpan> {
  private readonly settings: KeepSettings
  private readonly exit: SpanExit<S>
  private readonly limiter: Limiter
  private readonly routes = new SlowRoutes()

  constructor(settings: KeepSettings, exit: SpanExit<S>, limiter: Limiter) {
    this.settings = settings
    this.exit = exit
    this.limiter = limiter
  }

  /** What is known when a trace begins here: its share. */
  first(
    randomness: string,
    name: string,
    attributes: Readonly<Record<string, unknown>>,
  ): Verdict | undefined {
    const { rules, threshold } = this.settings
    const path = attributes[ROUTE] ?? attributes[PATH]
    const place = typeof path === 'string' ? path : name
    const rule = find(rules, place, attributes[TENANT])
    if (rule === undefined) return shareOf(randomness, threshold, 'share')
    if (rule.isCertain) return this.certain('rule', place)
    return shareOf(randomness, rule.threshold, 'share')
  }

  /** What a span that has ended says. */
  of(span: S, isRoot: boolean): Verdict | undefined {
    return this.ofSpan(span) ?? (isRoot ? this.ofRoot(span) : undefined)
  }

  private ofSpan(span: S): Verdict | undefined {
    if (!this.settings.failed || !this.hasFailed(span)) return undefined
    return this.certain('failed', `${span.name} ${String(this.exit.attribute(span, ERROR_TYPE))}`)
  }

  private ofRoot(span: S): Verdict | undefined {
    const { exit } = this
    const routed = exit.attribute(span, ROUTE)
    const route = typeof routed === 'string' ? routed : span.name
    const rule = find(this.settings.rules, route, exit.attribute(span, TENANT))
    const isSlow = this.isSlow(span, route)
    if (isSlow) {
      const slow = this.certain('slow', route)
      if (slow !== undefined) return slow
    }
    if (rule === undefined) return undefined
    if (rule.isCertain) return this.certain('rule', route)
    const { traceId, traceState } = span.spanContext()
    return shareOf(randomnessOf(traceId, traceState), rule.threshold, 'rule')
  }

  /** What a part says that is still open: what has taken so long already is slow, whatever comes. */
  ofOpen({ startedAt }: Part<S>): Verdict | undefined {
    const { millis } = this.settings.slow
    const isSlow = millis !== undefined && performance.now() - startedAt >= millis
    return isSlow ? { reason: 'slow', threshold: undefined } : undefined
  }

  private hasFailed(span: S): boolean {
    if (span.status.code !== SpanStatusCode.ERROR) return false
    const status = this.exit.attribute(span, STATUS)
    return !(typeof status === 'number' && status >= 400 && status < 500)
  }

  private isSlow(span: S, route: string): boolean {
    const { millis, percentiles } = this.settings.slow
    if (millis !== undefined) return durationOf(span) >= millis
    if (percentiles === undefined) return false
    const isEntry = span.parentSpanContext === undefined
    const percentile = isEntry ? percentiles.entry : percentiles.inner
    return this.routes.isSlow(`${isEntry} ${route}`, durationOf(span), percentile)
  }

  private certain(reason: 'failed' | 'slow' | 'rule', key: string): Verdict | undefined {
    if (!this.limiter.admits(`${reason} ${key}`)) return undefined
    return { reason, threshold: this.limiter.hasRefused ? undefined : CERTAIN }
  }
}

function find(rules: readonly ReadRule[], route: string, tenant: unknown): ReadRule | undefined {
  return rules.find((rule) => rule.fits(route, tenant))
}

function shareOf(
  randomness: string,
  threshold: Threshold | undefined,
  reason: 'share' | 'rule',
): Verdict | undefined {
  return passes(randomness, threshold) ? { reason, threshold } : undefined
}

function durationOf({ startTime, endTime }: JudgedSpan): number {
  return (endTime[0] - startTime[0]) * 1000 + (endTime[1] - startTime[1]) / 1e6
}
