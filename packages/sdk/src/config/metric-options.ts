/** Where metrics go; the same words as in `OTEL_METRICS_EXPORTER`. */
export type MetricExporterName = 'otlp' | 'prometheus' | 'none'

/** Whether a point has the sum since the start or since the last export; the same words as in `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`. */
export type MetricTemporality = 'cumulative' | 'delta' | 'lowmemory'

/** How histograms are sent over OTLP; the same words as in `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`. */
export type HistogramAggregation =
  | 'explicit_bucket_histogram'
  | 'base2_exponential_bucket_histogram'

/** The export of metrics. */
export interface MetricsOptions {
  /** Where metrics go: `'otlp'` needs the package `@opentelemetry/sdk-metrics`, `'prometheus'` also `@opentelemetry/exporter-prometheus`. `OTEL_METRICS_EXPORTER`. Default: `'otlp'`. */
  exporter?: MetricExporterName | readonly MetricExporterName[]
  /** The time from one export to the next, in milliseconds. `OTEL_METRIC_EXPORT_INTERVAL`. Default: 60000. */
  intervalMillis?: number
  /** The longest time that one export may take, in milliseconds, `intervalMillis` at most. `OTEL_METRIC_EXPORT_TIMEOUT`. Default: 30000, or `intervalMillis` if that is less. */
  timeoutMillis?: number
  /** Whether points over OTLP have the sum since the start or since the last export. `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`. Default: `'cumulative'`. */
  temporality?: MetricTemporality
  /** How histograms are sent over OTLP; Prometheus always gets explicit buckets. `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`. Default: `'explicit_bucket_histogram'`. */
  histograms?: HistogramAggregation
  /** The name or address on which the Prometheus endpoint `/metrics` listens. `OTEL_EXPORTER_PROMETHEUS_HOST`. Default: `'localhost'`: this machine alone. */
  host?: string
  /** The port of the Prometheus endpoint. `OTEL_EXPORTER_PROMETHEUS_PORT`. Default: 9464. */
  port?: number
  /** The most series of a metric; what comes later counts in one with `otel.metric.overflow`. Default: 2000. */
  maxSeries?: number
  /** The most values of an attribute that the application or its peers choose, such as `server.address` or `db.query.summary`; what comes later counts as `_OTHER`. Default: 200. */
  maxValues?: number
}
