import type { MetricReader } from '@opentelemetry/sdk-metrics'
import type { MetricSettings } from '../config/metric-settings.ts'
import { describeError } from '../report/describe-error.ts'
import type { Warn } from '../report/warning.ts'
import type { MetricLibraries } from './load-libraries.ts'
import { addUnitSuffixes } from './unit-suffix.ts'

/** A reader that serves `/metrics` in the text format of Prometheus; never keeps the process alive. */
export function createPrometheusReader(
  { PrometheusExporter }: NonNullable<MetricLibraries['prometheus']>,
  { host, port }: MetricSettings,
  warn: Warn,
): MetricReader {
  const exporter = new PrometheusExporter({ host, port, preventServerStart: true })
  const collect = exporter.collect.bind(exporter)
  exporter.collect = async (options) => {
    const result = await collect(options)
    return { ...result, resourceMetrics: addUnitSuffixes(result.resourceMetrics) }
  }
  exporter.startServer().catch((error: unknown) => {
    warn(
      `metrics: the Prometheus endpoint cannot listen on ${host}:${port} (${describeError(error)})`,
    )
  })
  // Of the copy of the SDK that the exporter brings; readers of one major fit providers of another copy.
  return exporter as unknown as MetricReader
}
