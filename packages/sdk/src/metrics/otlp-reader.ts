import type { MetricReader } from '@opentelemetry/sdk-metrics'
import { METRICS, readOtlpCollector, readOtlpProtocol } from '../config/collectors.ts'
import type { Environment } from '../config/environment.ts'
import type { MetricSettings } from '../config/metric-settings.ts'
import type { StartTracingOptions } from '../config/options.ts'
import { createOtlpCollector } from '../export/otlp-collector.ts'
import { otlpAnswerReader } from '../export/otlp-exporter.ts'
import { otlpExporterType } from '../export/pipeline.ts'
import { loadTransformer } from '../lazy/opentelemetry.cts'
import type { LossReport } from '../report/loss-report.ts'
import { countRejections } from '../report/rejections.ts'
import type { MetricLibraries } from './load-libraries.ts'
import { createOtlpMetricExporter } from './otlp-metric-exporter.ts'
import type { PointPipeline } from './self-metrics.ts'

/** What collects metrics from time to time and sends them. */
export interface OtlpReader {
  readonly reader: MetricReader
  readonly points: PointPipeline
  /** From now on, what fails is not tried again. */
  stopRetrying(): void
  /** Counts what is being sent as lost. */
  abandon(reason: string): void
}

/** A reader that sends OTLP (OTLP 1.11) to `/v1/metrics`, over the transport that spans take. */
export function createOtlpReader(
  { sdk }: MetricLibraries,
  settings: MetricSettings,
  options: StartTracingOptions,
  environment: Environment,
  losses: LossReport,
): OtlpReader {
  const protocol = readOtlpProtocol(options, environment, METRICS)
  const where = readOtlpCollector(options, environment, METRICS)
  const rejections = countRejections(losses)
  const accepted = otlpAnswerReader(protocol, rejections)
  const collector = createOtlpCollector(protocol, METRICS, where, accepted)
  const { JsonMetricsSerializer, ProtobufMetricsSerializer } = loadTransformer()
  const serializer = protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer
  const exporter = createOtlpMetricExporter(
    collector,
    (metrics) => serializer.serializeRequest(metrics),
    settings.temporality,
    losses,
  )
  return {
    reader: new sdk.PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: settings.intervalMillis,
      exportTimeoutMillis: settings.timeoutMillis,
    }),
    points: {
      exporterType: otlpExporterType(protocol, 'metric'),
      url: where.url,
      counts: exporter.counts,
      rejections,
    },
    stopRetrying: () => collector.stopRetrying(),
    abandon: (reason) => exporter.abandon(reason),
  }
}
