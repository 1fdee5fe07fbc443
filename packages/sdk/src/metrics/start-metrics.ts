import { SCHEMA_URL } from '@callchain/core/internal'
import { type Attributes, metrics } from '@opentelemetry/api'
import type { MetricReader } from '@opentelemetry/sdk-metrics'
import type { Environment } from '../config/environment.ts'
import { type MetricSettings, readMetrics } from '../config/metric-settings.ts'
import type { StartTracingOptions } from '../config/options.ts'
import { isRegistered } from '../config/registered.ts'
import { holdingProcess } from '../export/holding-process.ts'
import { loadResources } from '../lazy/opentelemetry.cts'
import { createLossReport, type LossReport } from '../report/loss-report.ts'
import { warn } from '../report/warning.ts'
import { createViews } from './create-views.ts'
import { loadLibraries, type MetricLibraries } from './load-libraries.ts'
import { createOtlpReader, type OtlpReader } from './otlp-reader.ts'
import { createPrometheusReader } from './prometheus-reader.ts'
import type { PointPipeline } from './self-metrics.ts'

/** The export of metrics, with what an ending process asks of it. */
export interface MetricExport {
  /** What metrics say of their own export. */
  readonly points: PointPipeline | undefined
  /** Whether the last metrics have not been sent. */
  readonly pending: boolean
  /** Sends the metrics as they are now. Never rejects. */
  flush(): Promise<void>
  /** As `flush`, without keeping the process alive. */
  drain(): Promise<void>
  /** As `drain`, but what fails is not tried again. */
  finish(): Promise<void>
  /** Counts what is being sent as lost. */
  abandon(reason: string): void
  /** From now on, losses are said at once. */
  close(): void
  /** Says at once what has been lost. */
  sayLosses(): void
  /** Gives the API's place for a meter provider back. */
  leave(): void
  /** Sends the last metrics, and stops. Never rejects. */
  shutdown(): Promise<void>
}

/** What is loaded for metrics, before anything is started. */
export interface MetricPlan {
  readonly settings: MetricSettings
  readonly libraries: MetricLibraries
}

/**
 * Reads what is asked for, and loads it; undefined where nothing is, or where the application has a meter
 * provider of its own.
 *
 * @throws Error when an option asks for metrics whose package is not installed
 */
export function planMetrics(
  options: StartTracingOptions,
  environment: Environment,
): MetricPlan | undefined {
  const settings = readMetrics(options, environment)
  if (settings === undefined) return undefined
  if (isRegistered('metrics')) {
    environment.tell(
      `metrics (${settings.exporters.join(', ')}) has no effect: this application has registered a meter provider of its own, which gets all metrics`,
    )
    return undefined
  }
  const libraries = loadLibraries(settings, options.metrics !== undefined, environment)
  return libraries && { settings, libraries }
}

/** Registers a meter provider that sends to what was asked for. */
export function startMetrics(
  { settings, libraries }: MetricPlan,
  options: StartTracingOptions,
  environment: Environment,
  resource: Attributes,
): MetricExport {
  const losses = createLossReport(warn, undefined, 'data point')
  const otlp = settings.exporters.includes('otlp')
    ? createOtlpReader(libraries, settings, options, environment, losses)
    : undefined
  const prometheus =
    libraries.prometheus && createPrometheusReader(libraries.prometheus, settings, warn)
  const provider = new libraries.sdk.MeterProvider({
    resource: loadResources().resourceFromAttributes(resource, { schemaUrl: SCHEMA_URL }),
    views: createViews(libraries, settings, warn),
    readers: [otlp?.reader, prometheus].filter((one): one is MetricReader => one !== undefined),
  })
  metrics.setGlobalMeterProvider(provider)
  return createExport(provider, otlp, losses)
}

type Provider = Pick<
  InstanceType<MetricLibraries['sdk']['MeterProvider']>,
  'forceFlush' | 'shutdown'
>

function createExport(
  provider: Provider,
  otlp: OtlpReader | undefined,
  losses: LossReport,
): MetricExport {
  let isSent = otlp === undefined
  const flush = (): Promise<void> => provider.forceFlush().catch(() => {})
  return {
    points: otlp?.points,
    get pending() {
      return !isSent
    },
    flush: () => holdingProcess(flush),
    drain: flush,
    async finish() {
      isSent = true
      otlp?.stopRetrying()
      await flush()
    },
    leave: () => metrics.disable(),
    abandon: (reason) => otlp?.abandon(reason),
    close: losses.close,
    sayLosses: losses.sayRest,
    async shutdown() {
      isSent = true
      otlp?.stopRetrying()
      await provider.shutdown().catch(() => {})
    },
  }
}
