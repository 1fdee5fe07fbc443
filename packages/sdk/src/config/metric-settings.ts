import { type Environment, type NumberRange, POSITIVE_MILLIS } from './environment.ts'
import type {
  HistogramAggregation,
  MetricExporterName,
  MetricsOptions,
  MetricTemporality,
} from './metric-options.ts'
import type { StartTracingOptions } from './options.ts'

/** The export of metrics, complete. */
export interface MetricSettings extends Required<Omit<MetricsOptions, 'exporter'>> {
  readonly exporters: readonly MetricExporterName[]
}

/** The names of exporters, in the order in which messages list them. */
export const METRIC_EXPORTERS: readonly MetricExporterName[] = ['otlp', 'prometheus', 'none']
/** The temporalities, in that order. */
export const TEMPORALITIES: readonly MetricTemporality[] = ['cumulative', 'delta', 'lowmemory']
/** The aggregations of histograms, in that order. */
export const HISTOGRAMS: readonly HistogramAggregation[] = [
  'explicit_bucket_histogram',
  'base2_exponential_bucket_histogram',
]
/** Ports that one can ask for. */
export const PORTS: NumberRange = { min: 1, max: 65_535, whole: true }

const INTERVAL = 'OTEL_METRIC_EXPORT_INTERVAL'
const TIMEOUT = 'OTEL_METRIC_EXPORT_TIMEOUT'
const DEFAULT_INTERVAL_MILLIS = 60_000
const DEFAULT_TIMEOUT_MILLIS = 30_000
const DEFAULT_PORT = 9464
/** As the specification has it ("Cardinality limits"). */
const DEFAULT_SERIES = 2000
const DEFAULT_VALUES = 200

/** The metrics that the options, else the variables, ask for; undefined for none. What is malformed is said in any case. */
export function readMetrics(
  { metrics }: StartTracingOptions,
  environment: Environment,
): MetricSettings | undefined {
  const options = typeof metrics === 'object' ? metrics : {}
  const settings = {
    ...readTimes(options, environment),
    ...readForms(options, environment),
    host: options.host ?? environment.text('OTEL_EXPORTER_PROMETHEUS_HOST') ?? 'localhost',
    port: options.port ?? readPort(environment),
    maxSeries: options.maxSeries ?? DEFAULT_SERIES,
    maxValues: options.maxValues ?? DEFAULT_VALUES,
  }
  const named = readNames(environment)
  const fallback = metrics === undefined ? 'none' : 'otlp'
  const asked = typeof metrics === 'string' ? metrics : (options.exporter ?? named ?? fallback)
  const exporters = [...new Set([asked].flat())].filter((name) => name !== 'none')
  return exporters.length === 0 ? undefined : { exporters, ...settings }
}

function readNames(environment: Environment): readonly MetricExporterName[] | undefined {
  const words = environment.list('OTEL_METRICS_EXPORTER')
  if (words === undefined) return undefined
  const names = words.flatMap((word) => METRIC_EXPORTERS.find((name) => name === word) ?? [])
  if (names.length === words.length) return names
  const allowed = `a list of ${METRIC_EXPORTERS.join(', ')}`
  environment.reject('OTEL_METRICS_EXPORTER', words.join(','), allowed, 'none')
  return ['none']
}

function readTimes(
  options: MetricsOptions,
  environment: Environment,
): Pick<MetricSettings, 'intervalMillis' | 'timeoutMillis'> {
  const interval = environment.number(INTERVAL, POSITIVE_MILLIS, DEFAULT_INTERVAL_MILLIS)
  const timeout = environment.number(TIMEOUT, POSITIVE_MILLIS, DEFAULT_TIMEOUT_MILLIS)
  const intervalMillis = options.intervalMillis ?? interval ?? DEFAULT_INTERVAL_MILLIS
  if (options.timeoutMillis === undefined && timeout !== undefined && timeout > intervalMillis) {
    const allowed = `at most the interval, ${intervalMillis}`
    environment.reject(TIMEOUT, String(timeout), allowed, String(intervalMillis))
  }
  const wanted = options.timeoutMillis ?? timeout ?? DEFAULT_TIMEOUT_MILLIS
  return { intervalMillis, timeoutMillis: Math.min(wanted, intervalMillis) }
}

function readForms(
  options: MetricsOptions,
  environment: Environment,
): Pick<MetricSettings, 'temporality' | 'histograms'> {
  const name = (word: string): string => `OTEL_EXPORTER_OTLP_METRICS_${word}`
  const temporality = environment.choice(
    name('TEMPORALITY_PREFERENCE'),
    TEMPORALITIES,
    'cumulative',
  )
  const histograms = environment.choice(
    name('DEFAULT_HISTOGRAM_AGGREGATION'),
    HISTOGRAMS,
    'explicit_bucket_histogram',
  )
  return {
    temporality: options.temporality ?? temporality ?? 'cumulative',
    histograms: options.histograms ?? histograms ?? 'explicit_bucket_histogram',
  }
}

function readPort(environment: Environment): number {
  return environment.number('OTEL_EXPORTER_PROMETHEUS_PORT', PORTS, DEFAULT_PORT) ?? DEFAULT_PORT
}
