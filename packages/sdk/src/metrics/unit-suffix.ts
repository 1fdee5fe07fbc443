import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'

/** Units as Prometheus writes them out in names ("Prometheus and OpenMetrics Compatibility", "Metric Metadata"). */
const WORDS: Readonly<Record<string, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  min: 'minutes',
  h: 'hours',
  d: 'days',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
}

/** The same metrics with the unit at the end of each name, so that they are called as what comes in over OTLP. */
export function addUnitSuffixes(metrics: ResourceMetrics): ResourceMetrics {
  const scopeMetrics = metrics.scopeMetrics.map((scope) => ({
    ...scope,
    metrics: scope.metrics.map((metric) => ({
      ...metric,
      descriptor: { ...metric.descriptor, name: withUnit(metric.descriptor) },
    })),
  }))
  return { ...metrics, scopeMetrics }
}

function withUnit({ name, unit }: { readonly name: string; readonly unit: string }): string {
  const word = WORDS[unit]
  return word === undefined || name.endsWith(word) ? name : `${name}.${word}`
}
