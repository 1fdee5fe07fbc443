import {
  inside,
  isNamed,
  listOf,
  NAME,
  type OptionRule,
  type OptionRules,
  oneOf,
  optionError,
} from '@callchain/core/internal'
import {
  describeRange,
  isInRange,
  type NumberRange,
  POSITIVE_COUNT,
  POSITIVE_MILLIS,
} from './environment.ts'
import type { MetricsOptions } from './metric-options.ts'
import { HISTOGRAMS, METRIC_EXPORTERS, PORTS, TEMPORALITIES } from './metric-settings.ts'
import type { StartTracingOptions } from './options.ts'

function number(range: NumberRange): OptionRule {
  return { allowed: describeRange(range), holds: (value) => isInRange(value, range) }
}

const exporter = oneOf(METRIC_EXPORTERS)

const RULES: OptionRules<MetricsOptions> = {
  exporter: {
    allowed: `${exporter.allowed}, or an array of these`,
    holds: (value) => exporter.holds(value) || listOf(exporter, '').holds(value),
  },
  intervalMillis: number(POSITIVE_MILLIS),
  timeoutMillis: number(POSITIVE_MILLIS),
  temporality: oneOf(TEMPORALITIES),
  histograms: oneOf(HISTOGRAMS),
  host: NAME,
  port: number(PORTS),
  maxSeries: number(POSITIVE_COUNT),
  maxValues: number(POSITIVE_COUNT),
}

/** What `metrics` may be. */
export const METRICS_RULE: OptionRule = {
  ...inside(RULES),
  allowed: `${exporter.allowed}, or an object`,
  holds: (value) => exporter.holds(value) || isNamed(value),
}

/** @throws TypeError when an export of metrics may take longer than the time to the next */
export function checkMetrics(what: string, { metrics }: StartTracingOptions): void {
  if (typeof metrics !== 'object') return
  const { intervalMillis, timeoutMillis } = metrics
  if (intervalMillis === undefined || timeoutMillis === undefined) return
  if (timeoutMillis <= intervalMillis) return
  const allowed = `at most intervalMillis (${intervalMillis})`
  throw optionError(`metrics.timeoutMillis of ${what}`, timeoutMillis, allowed)
}
