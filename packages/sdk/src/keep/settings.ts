import type { Sampler } from '@callchain/recorder'
import type { KeepOptions, KeepRuleOptions, SlowPercentileOptions } from '../config/keep-options.ts'
import { bytesOf, millisOf } from '../config/units.ts'
import { type Threshold, thresholdOf } from './threshold.ts'

/** `KeepOptions` with its defaults, in numbers. */
export interface KeepSettings {
  /** Of ordinary traces; undefined when none is kept. */
  readonly threshold: Threshold | undefined
  readonly failed: boolean
  readonly slow: Slow
  readonly rules: readonly ReadRule[]
  readonly perSecond: number
  /** Bytes. */
  readonly memory: number
  readonly rememberMillis: number
  /** Who knows it may have a trace kept; undefined when nobody may. */
  readonly forceKey: string | undefined
  /** What it leaves out is not recorded at all. */
  readonly head: Sampler | undefined
}

/** When a part is slow. */
export interface Slow {
  readonly millis?: number
  readonly percentiles?: SlowPercentileOptions
}

/** A rule that is ready to be asked. */
export interface ReadRule {
  /** Whether it is for this route and tenant. */
  fits(route: string, tenant: unknown): boolean
  /** Undefined when none is kept. */
  readonly threshold: Threshold | undefined
  readonly isCertain: boolean
}

/** Reads options that have been checked. */
export function readKeepSettings(options: KeepOptions, head?: Sampler): KeepSettings {
  const { share = 0.01, failed = true, rules = [], perSecond = 50 } = options
  return {
    threshold: thresholdOf(share),
    failed,
    slow: slowOf(options.slowerThan ?? '1s'),
    rules: rules.map(readRule),
    perSecond,
    memory: bytesOf(options.memory ?? '16 MB') ?? 0,
    head,
    forceKey: options.forceKey,
    rememberMillis: millisOf(options.remember ?? 0) ?? 0,
  }
}

function slowOf(wanted: NonNullable<KeepOptions['slowerThan']>): Slow {
  if (wanted === false) return {}
  if (typeof wanted === 'object') return { percentiles: wanted }
  const millis = millisOf(wanted)
  return millis === undefined ? {} : { millis }
}

function readRule({ route, tenant, share }: KeepRuleOptions): ReadRule {
  const pattern = route === undefined ? undefined : patternOf(route)
  return {
    fits: (name, of) =>
      (tenant === undefined || tenant === of) && (pattern === undefined || pattern.test(name)),
    threshold: thresholdOf(share),
    isCertain: share >= 1,
  }
}

function patternOf(route: string): RegExp {
  const parts = route.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}
