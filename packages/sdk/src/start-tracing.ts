import { createContextManager } from '@callchain/core'
import { announceSdk, RUNNING_TRACING, setTraceKeeper } from '@callchain/core/internal'
import { context, diag, propagation, trace } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import { type Environment, readEnvironment } from './config/environment.ts'
import { readBatchLimits, readSpanLimits } from './config/limits.ts'
import { checkOptions } from './config/option-checks.ts'
import type { StartTracingOptions } from './config/options.ts'
import { describeOtherSdk } from './config/other-sdk.ts'
import { readPropagator } from './config/propagators.ts'
import { readRedaction } from './config/redaction.ts'
import { describeProcess, OWN_SDK, readResourceAttributes } from './config/resource.ts'
import { readSampler } from './config/sampler.ts'
import { flushOnExit, inTime } from './export/exit-flush.ts'
import { createExporters, readDestinations } from './export/exporters.ts'
import type { Destination } from './export/output.ts'
import { guardProcessor } from './guard/processor.ts'
import { keptWith, readKeep } from './keep/read-keep.ts'
import { startLogExport } from './logs/log-export.ts'
import { combine } from './record/ending.ts'
import { recordSpans } from './record/record-spans.ts'
import { recordWithSdk } from './record/record-with-sdk.ts'
import { createRedaction, type Redaction } from './redact/redaction.ts'
import { createLossReport } from './report/loss-report.ts'
import { warn } from './report/warning.ts'

/** Tracing that has been started. */
export interface Tracing {
  /** Sends every span that has ended so far. Never rejects: a warning says how many could not be sent. */
  flush(): Promise<void>
  /** Sends every span that has ended so far, then stops; after that, tracing can be started again. Takes `exitTimeoutMillis` at most: what is not sent by then is lost, and a warning says how much that is. Never rejects. */
  shutdown(): Promise<void>
}

const DEFAULT_EXIT_TIMEOUT_MILLIS = 2000

/**
 * Starts OpenTelemetry tracing for this process: provider, context, propagation, resource, sampler and
 * exporter. Call it once, as early as you like; import order does not matter. Every option wins over
 * its `OTEL_*` variable (OpenTelemetry Environment Variable Specification); a malformed variable gives
 * a warning and its default is used. A second call warns and returns what the first one did.
 *
 * @example
 * ```ts
 * import { startTracing } from '@callchain/sdk'
 *
 * startTracing({ serviceName: 'orders', sampler: 0.1 })
 * ```
 * @throws TypeError when an option is malformed
 * @throws Error when `propagators` names one whose package is not installed
 */
export function startTracing(options: StartTracingOptions = {}): Tracing {
  const running: unknown = Reflect.get(globalThis, RUNNING_TRACING)
  if (isTracing(running)) {
    warn('startTracing() was called again; only the first call has an effect')
    return running
  }
  checkOptions(options)
  const tracing = start(options, readEnvironment(process.env, warn))
  Reflect.set(globalThis, RUNNING_TRACING, tracing)
  return tracing
}

function start(options: StartTracingOptions, environment: Environment): Tracing {
  const redaction = createRedaction(readRedaction(options, environment))
  const { stop: stopPropagating, ownsPropagation } = startPropagating(
    options,
    environment,
    redaction,
  )
  const disabled = options.disabled ?? environment.flag('OTEL_SDK_DISABLED', false) ?? false
  const stopRecording = disabled
    ? undefined
    : startRecording(options, environment, ownsPropagation, redaction)
  let stopped: Promise<void> | undefined
  return {
    flush: async () => stopRecording?.flush(),
    shutdown(): Promise<void> {
      stopped ??= (async () => {
        Reflect.deleteProperty(globalThis, RUNNING_TRACING)
        stopPropagating()
        await stopRecording?.shutdown()
      })()
      return stopped
    },
  }
}

/** @returns whether headers are ours, and a function that stops what this call has started */
function startPropagating(
  options: StartTracingOptions,
  environment: Environment,
  { mayCarry }: Redaction,
): { readonly ownsPropagation: boolean; stop(): void } {
  const propagator = readPropagator(options, environment)
  // The first context manager stays: replacing it would lose running requests.
  // And it stays after a shutdown: requests in progress still have their tenant.
  context.setGlobalContextManager(createContextManager().enable())
  const ownsPropagation = propagation.setGlobalPropagator(propagator)
  const propagatesNothing = ownsPropagation && propagator.fields().length === 0
  announceSdk({ propagatesNothing, mayCarry })
  return {
    ownsPropagation,
    stop() {
      if (ownsPropagation) propagation.disable()
      announceSdk()
    },
  }
}

function startRecording(
  options: StartTracingOptions,
  environment: Environment,
  ownsPropagation: boolean,
  redaction: Redaction,
): Tracing | undefined {
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
  const logs = startLogExport(options, environment, limits, resource, { redaction, keeper })
  const ends = combine({ exporters, logs, losses, others, keeper })
  const exit = { timeoutMillis: limits.exitTimeoutMillis, signals: options.signals ?? true }
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
      const late = `the collector did not accept them within ${limits.exitTimeoutMillis} ms`
      await inTime(stop, limits.exitTimeoutMillis, () => ends.abandon(late))
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
  const limits = { ...readBatchLimits(options.batch ?? {}, environment), exitTimeoutMillis }
  const destinations = readDestinations(options, environment)
  const usesSdk = needsSdk(others, destinations)
  const process = redaction.fields(describeProcess(readResourceAttributes(options, environment)))
  const resource = usesSdk ? process : { ...OWN_SDK, ...process }
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

function isTracing(value: unknown): value is Tracing {
  return typeof value === 'object' && value !== null && 'shutdown' in value
}
