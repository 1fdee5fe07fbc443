import {
  checkOptions,
  FLAG,
  inside,
  isNamed,
  listOf,
  NAME,
  type OptionRule,
  type OptionRules,
  optionError,
} from '@callchain/core/internal'
import { describeRange, isInRange, POSITIVE_COUNT, RATIO } from './environment.ts'
import type { KeepOptions, KeepRuleOptions, SlowPercentileOptions } from './keep-options.ts'
import { bytesOf, millisOf } from './units.ts'

const share: OptionRule = {
  allowed: describeRange(RATIO),
  holds: (value) => isInRange(value, RATIO),
}

const percentile: OptionRule = {
  allowed: 'a number above 0 and below 1',
  holds: (value) => typeof value === 'number' && value > 0 && value < 1,
}

const time: OptionRule = {
  allowed: "milliseconds, or a time such as '250ms', '1s' or '2m'",
  holds: (value) => millisOf(value) !== undefined,
}

const RULE_RULES: OptionRules<KeepRuleOptions> = { route: NAME, tenant: NAME, share }

const PERCENTILE_RULES: OptionRules<SlowPercentileOptions> = {
  entry: percentile,
  inner: percentile,
}

const RULES: OptionRules<KeepOptions> = {
  share,
  failed: FLAG,
  slowerThan: {
    ...inside(PERCENTILE_RULES),
    allowed: `${time.allowed}, { entry, inner } with percentiles, or false`,
    holds: (value) => value === false || time.holds(value) || isNamed(value),
  },
  rules: listOf({ allowed: 'an object', holds: isNamed }, 'rules { route, tenant, share }'),
  forceKey: {
    allowed: 'a string of 16 characters or more',
    holds: (value) => typeof value === 'string' && value.length >= 16,
    isSecret: true,
  },
  perSecond: {
    allowed: describeRange(POSITIVE_COUNT),
    holds: (value) => isInRange(value, POSITIVE_COUNT),
  },
  memory: {
    allowed: "bytes, or a size such as '16 MB'",
    holds: (value) => bytesOf(value) !== undefined,
  },
  remember: time,
}

/** What `keep` may be. */
export const KEEP: OptionRule = inside(RULES)

/** Checks the parts of `keep` that are lists, or have parts that must be given. */
export function checkKeep(what: string, { rules = [], slowerThan }: KeepOptions = {}): void {
  for (const [index, rule] of rules.entries()) {
    const name = `keep.rules[${index}] of ${what}`
    checkOptions(name, rule, RULE_RULES)
    if (rule.share === undefined) throw optionError(`share of ${name}`, undefined, share.allowed)
  }
  if (typeof slowerThan !== 'object') return
  for (const name of ['entry', 'inner'] as const) {
    if (slowerThan[name] !== undefined) continue
    throw optionError(`keep.slowerThan.${name} of ${what}`, undefined, percentile.allowed)
  }
}
