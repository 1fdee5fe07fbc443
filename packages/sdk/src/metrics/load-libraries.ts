import type { Environment } from '../config/environment.ts'
import type { MetricSettings } from '../config/metric-settings.ts'
import { loadPrometheus, loadSdkMetrics } from '../lazy/opentelemetry.cts'

/** OpenTelemetry's SDK of metrics, and its Prometheus endpoint where it is asked for. */
export interface MetricLibraries {
  readonly sdk: ReturnType<typeof loadSdkMetrics>
  readonly prometheus: ReturnType<typeof loadPrometheus> | undefined
}

/**
 * Loads what metrics need.
 *
 * @throws Error when an option asks for metrics whose package is not installed; a variable that does so
 *   gives a warning instead.
 */
export function loadLibraries(
  { exporters }: MetricSettings,
  isOption: boolean,
  environment: Environment,
): MetricLibraries | undefined {
  try {
    return {
      sdk: load(loadSdkMetrics, '@opentelemetry/sdk-metrics'),
      prometheus: exporters.includes('prometheus')
        ? load(loadPrometheus, '@opentelemetry/exporter-prometheus')
        : undefined,
    }
  } catch (error) {
    if (isOption) throw error
    const why = error instanceof Error ? error.message : String(error)
    environment.tell(`OTEL_METRICS_EXPORTER=${exporters.join(',')}: ${why}; no metrics are sent`)
    return undefined
  }
}

function load<T>(library: () => T, name: string): T {
  try {
    return library()
  } catch (error) {
    const isMissing = error instanceof Error && Reflect.get(error, 'code') === 'MODULE_NOT_FOUND'
    const why = isMissing ? 'is missing' : `cannot be loaded (${String(error)})`
    throw new Error(`metrics: the package ${name} ${why}; install it with "npm i ${name}"`)
  }
}
