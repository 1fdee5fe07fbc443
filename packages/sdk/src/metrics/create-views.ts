import type { ViewOptions } from '@opentelemetry/sdk-metrics'
import type { MetricSettings } from '../config/metric-settings.ts'
import type { Warn } from '../report/warning.ts'
import { createValueBound } from './bound-values.ts'
import type { MetricLibraries } from './load-libraries.ts'

/** Views that bound every metric: one for each kind, because two that fit one metric would double it. */
export function createViews(
  { sdk }: MetricLibraries,
  { maxSeries, maxValues, histograms, exporters }: MetricSettings,
  warn: Warn,
): ViewOptions[] {
  const asked = histograms === 'base2_exponential_bucket_histogram'
  const isPlain = exporters.includes('prometheus')
  if (asked && isPlain) {
    warn('metrics: Prometheus gets explicit buckets, and so does OTLP next to it')
  }
  const aggregation = { type: sdk.AggregationType.EXPONENTIAL_HISTOGRAM } as const
  const bound = createValueBound(maxValues, warn)
  return Object.values(sdk.InstrumentType).map((instrumentType) => ({
    instrumentType,
    attributesProcessors: [bound],
    aggregationCardinalityLimit: maxSeries,
    ...(asked && !isPlain && instrumentType === 'HISTOGRAM' && { aggregation }),
  }))
}
