import { announceSdk, setTraceKeeper } from '@callchain/core/internal'
import { diag, trace } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Environment } from '../config/environment.ts'
import { readExceptionSignal } from '../config/exception-signal.ts'
import { readBatchLimits, readSpanLimits } from '../config/limits.ts'
import type { StartTracingOptions } from '../config/options.ts'
import { describeOtherSdk } from '../config/other-sdk.ts'
import { describeProcess, OWN_SDK, readResourceAttributes } from '../config/resource.ts'
import { readSampler } from '../config/sampler.ts'
import { flushOnExit, inTime } from '../export/exit-flush.ts'
import { createExporters, readDestinations } from '../export/exporters.ts'
import type { Destination } from '../export/output.ts'
import { guardProcessor } from '../guard/processor.ts'
import { keptWith, readKeep } from '../keep/read-keep.ts'
import { startLogExport } from '../logs/log-export.ts'
import type { Redaction } from '../redact/redaction.ts'
import { createLossReport } from '../report/loss-report.ts'
import { warn } from '../report/warning.ts'
import { combine } from './ending.ts'
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
  const { recording, resource, traits, limits, exporters, losses, others } = prepare(
    options,
    environment,
    redaction,
  )
  if (!trace.setGlobalTracerProvider(recording.provider)) {
    warn(describeOtherSdk(ownsPropagation))
    return undefined
  }
  announceSdk(traits)
  const { keeper } = recording
  setTraceKeeper(keeper)
  const { exitTimeoutMillis } = limits
  const parts = { exitTimeoutMillis, resource, redaction, keeper }
  const logs = startLogExport(options, environment, parts)
  const exceptions = readExceptionSignal(environment, logs !== undefined)
  if (exceptions !== undefined) announceSdk({ exceptions })
  const ends = combine({ exporters, logs, losses, others, keeper })
  const exit = { timeoutMillis: exitTimeoutMillis, signals: options.signals ?? true }
  const stopWatching = flushOnExit({ ...ends, ...exit })
  return {
    async flush(): Promise<void> {
      await Promise.all([recording.flush().catch(ignore), logs?.flush()])
    },
    async shutdown(): Promise<void> {
      trace.disable()
      setTraceKeeper(undefined)
      exporters.stopRetrying()
      const stop = (): Promise<unknown> => Promise.all([recording.shutdown(), logs?.shutdown()])
      const late = `the collector did not accept them within ${exitTimeoutMillis} ms`
      await inTime(stop, exitTimeoutMillis, () => ends.abandon(late))
      // Until now a signal would have ended the process without a word.
      stopWatching()
      losses.sayRest()
      logs?.sayLosses()
    },
  }
}

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
  const parts = { resource, sampler, keep, spanLimits, processors: others, exporters, redaction }
  const recording = usesSdk ? recordWithSdk(parts) : recordSpans(parts)
  return { recording, resource, traits, limits, exporters, losses, others }
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
