import { announceSdk, setTraceKeeper } from '@callchain/core/internal'
import { diag, trace } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Environment } from '../config/environment.ts'
import { readExceptionSignal } from '../config/exception-signal.ts'
import { readBatchLimits, readSpanLimits } from '../config/limits.ts'
import type { StartTracingOptions } from '../config/options.ts'
import { describeOtherSdk } from '../config/other-sdk.ts'
import { isRegistered } from '../config/registered.ts'
import { describeProcess, OWN_SDK, readResourceAttributes } from '../config/resource.ts'
import { readSampler } from '../config/sampler.ts'
import { flushOnExit, inTime } from '../export/exit-flush.ts'
import { createExporters, readDestinations } from '../export/exporters.ts'
import type { Destination } from '../export/output.ts'
import { guardProcessor } from '../guard/processor.ts'
import { keptWith, readKeep } from '../keep/read-keep.ts'
import { startLogExport } from '../logs/log-export.ts'
import { startSelfMetrics } from '../metrics/self-metrics.ts'
import { SpanCounts } from '../metrics/span-counts.ts'
import { planMetrics, startMetrics } from '../metrics/start-metrics.ts'
import type { Redaction } from '../redact/redaction.ts'
import { createLossReport } from '../report/loss-report.ts'
import { warn } from '../report/warning.ts'
import { combine, endAfter } from './ending.ts'
import { recordSpans } from './record-spans.ts'
import { recordWithSdk } from './record-with-sdk.ts'

/** What has been started. */
export interface Started {
  /** Sends what has ended so far. Never rejects. */
  flush(): Promise<void>
  /** Sends what has ended so far, then stops. Never rejects. */
  shutdown(): Promise<void>
}

const DEFAULT_EXIT_TIMEOUT_MILLIS = 2000

/** Starts to record and to send; undefined where another SDK records already. */
export function startRecording(
  options: StartTracingOptions,
  environment: Environment,
  ownsPropagation: boolean,
  redaction: Redaction,
): Started | undefined {
  const prepared = prepare(options, environment, redaction)
  const { recording, traits, exporters, losses } = prepared
  const { exitTimeoutMillis } = prepared.limits
  if (!trace.setGlobalTracerProvider(recording.provider)) {
    warn(describeOtherSdk(ownsPropagation))
    return undefined
  }
  announceSdk(traits)
  setTraceKeeper(recording.keeper)
  const all = startOthers(prepared, options, environment, redaction)
  const { logs, metrics, ends } = all
  const exit = { timeoutMillis: exitTimeoutMillis, signals: options.signals ?? true }
  const stopWatching = flushOnExit({ ...ends, ...exit })
  const stopSending = (): Promise<unknown> => {
    const sent = Promise.all([recording.shutdown().catch(ignore), logs?.shutdown()])
    return endAfter(sent, exitTimeoutMillis / 2, async () => metrics?.shutdown())
  }
  return {
    async flush(): Promise<void> {
      await Promise.all([recording.flush().catch(ignore), logs?.flush()])
      // After them: it says what became of them.
      await metrics?.flush()
    },
    async shutdown(): Promise<void> {
      trace.disable()
      metrics?.leave()
      setTraceKeeper(undefined)
      exporters.stopRetrying()
      const late = `the collector did not accept them within ${exitTimeoutMillis} ms`
      await inTime(stopSending, exitTimeoutMillis, () => ends.abandon(late))
      // Until now a signal would have ended the process without a word.
      stopWatching()
      all.stop()
      losses.sayRest()
      logs?.sayLosses()
      metrics?.sayLosses()
    },
  }
}

/** Starts what goes with spans: log lines, metrics. */
function startOthers(
  { recording, resource, limits, exporters, losses, others, plan, counts }: Prepared,
  options: StartTracingOptions,
  environment: Environment,
  redaction: Redaction,
) {
  const { keeper } = recording
  const { exitTimeoutMillis } = limits
  const parts = { exitTimeoutMillis, resource, redaction, keeper }
  const logs = startLogExport(options, environment, parts)
  const exceptions = readExceptionSignal(environment, logs !== undefined)
  if (exceptions !== undefined) announceSdk({ exceptions })
  const metrics = plan && startMetrics(plan, options, environment, resource)
  const pipelines = [...exporters.pipelines, ...(logs === undefined ? [] : [logs.pipeline])]
  const self = startSelfMetrics({ spans: counts, pipelines, points: metrics?.points })
  const metricsAfterMillis = exitTimeoutMillis / 2
  const ends = combine({ exporters, logs, metrics, metricsAfterMillis, losses, others, keeper })
  return { logs, metrics, ends, stop: () => self.stop() }
}

type Prepared = ReturnType<typeof prepare>

/** What is started, before anybody is told of it. */
function prepare(options: StartTracingOptions, environment: Environment, redaction: Redaction) {
  const losses = createLossReport(warn)
  const others = (options.spanProcessors ?? []).map(guardProcessor)
  const exitTimeoutMillis = options.exitTimeoutMillis ?? DEFAULT_EXIT_TIMEOUT_MILLIS
  const limits = {
    ...readBatchLimits(options.batch ?? {}, environment, 'BSP'),
    exitTimeoutMillis,
  }
  const destinations = readDestinations(options, environment)
  const usesSdk = needsSdk(others, destinations)
  const stated = describeProcess(readResourceAttributes(options, environment))
  const resource = redaction.fields(usesSdk ? stated : { ...OWN_SDK, ...stated })
  const recorded = usesSdk ? undefined : resource
  const exporters = createExporters(destinations, {
    options,
    environment,
    limits,
    losses,
    recorded,
  })
  const keep = readKeep(options, environment)
  const { sampler, traits } =
    keep === undefined ? readSampler(options, environment) : keptWith(keep)
  const spanLimits = readSpanLimits(options.spanLimits ?? {}, environment)
  const plan = planMetrics(options, environment)
  const counts = plan !== undefined || isRegistered('metrics') ? new SpanCounts() : undefined
  const parts = {
    ...{ resource, sampler, keep, spanLimits, processors: others, exporters, redaction, counts },
  }
  const recording = usesSdk ? recordWithSdk(parts) : recordSpans(parts)
  return { recording, resource, traits, limits, exporters, losses, others, plan, counts }
}

/** Whether the application has parts that take the objects of OpenTelemetry's SDK. */
function needsSdk(
  processors: readonly SpanProcessor[],
  destinations: readonly Destination[],
): boolean {
  return processors.length > 0 || destinations.some((one) => typeof one !== 'string')
}

function ignore(error: unknown): void {
  diag.debug('callchain: a span processor failed', error)
}
