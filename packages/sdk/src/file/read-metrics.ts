import { POSITIVE_MILLIS } from '../config/environment.ts'
import { HISTOGRAMS, PORTS } from '../config/metric-settings.ts'
import type { ConfigNode } from './config-node.ts'
import { readMillis, readOtlp } from './read-otlp.ts'
import type { FileSettings } from './settings.ts'

const OTLP_METRICS = 'OTEL_EXPORTER_OTLP_METRICS_'

/** Reads `meter_provider`; without one, no metrics are sent. */
export function readMeters(root: ConfigNode, settings: FileSettings): void {
  const provider = root.child('meter_provider')
  if (provider === undefined) return
  const exporters: string[] = []
  for (const reader of provider.list('readers')) {
    const periodic = reader.child('periodic')
    const pull = reader.child('pull')
    if (periodic !== undefined && !exporters.includes('otlp') && readPeriodic(periodic, settings)) {
      exporters.push('otlp')
    }
    if (pull !== undefined && !exporters.includes('prometheus') && readPull(pull, settings)) {
      exporters.push('prometheus')
    }
  }
  settings.set('OTEL_METRICS_EXPORTER', exporters.join(',') || 'none', provider.at('readers'))
}

function readPeriodic(periodic: ConfigNode, settings: FileSettings): boolean {
  const exporter = periodic.need('exporter')
  if (!readOtlp(exporter, 'METRICS', settings)) return false
  const interval = periodic.number('interval', POSITIVE_MILLIS)
  const timeout = readMillis(periodic, 'timeout')
  settings.set('OTEL_METRIC_EXPORT_INTERVAL', interval, periodic.at('interval'))
  // In a file, 0 stands for no limit; the next export begins after the interval all the same.
  const longest = timeout === undefined ? undefined : Math.min(timeout, interval ?? 60_000)
  settings.set('OTEL_METRIC_EXPORT_TIMEOUT', longest, periodic.at('timeout'))
  const node = exporter.child('otlp_http') ?? exporter.child('otlp_grpc')
  if (node === undefined) return true
  const word = node.choice('temporality_preference', ['cumulative', 'delta', 'low_memory'])
  const path = node.at('temporality_preference')
  settings.set(`${OTLP_METRICS}TEMPORALITY_PREFERENCE`, word?.replace('_', ''), path)
  settings.set(
    `${OTLP_METRICS}DEFAULT_HISTOGRAM_AGGREGATION`,
    node.choice('default_histogram_aggregation', HISTOGRAMS),
    node.at('default_histogram_aggregation'),
  )
  return true
}

function readPull(pull: ConfigNode, settings: FileSettings): boolean {
  const exporter = pull.need('exporter')
  const prometheus = exporter.child('prometheus/development') ?? exporter.child('prometheus')
  if (prometheus === undefined) return false
  settings.set('OTEL_EXPORTER_PROMETHEUS_HOST', prometheus.text('host'), prometheus.at('host'))
  const port = prometheus.number('port', PORTS)
  settings.set('OTEL_EXPORTER_PROMETHEUS_PORT', port, prometheus.at('port'))
  return true
}
