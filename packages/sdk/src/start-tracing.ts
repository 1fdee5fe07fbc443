import { createContextManager } from '@callchain/core'
import { announceSdk, RUNNING_TRACING } from '@callchain/core/internal'
import { context, propagation } from '@opentelemetry/api'
import type { Environment } from './config/environment.ts'
import { startDiagnostics } from './config/log-level.ts'
import { checkOptions } from './config/option-checks.ts'
import type { StartTracingOptions } from './config/options.ts'
import { readPropagator } from './config/propagators.ts'
import { readRedaction } from './config/redaction.ts'
import { warnOfUnread } from './config/variables.ts'
import { readConfiguration } from './file/read-config-file.ts'
import { startRecording } from './record/start-recording.ts'
import { createRedaction, type Redaction } from './redact/redaction.ts'
import { warn } from './report/warning.ts'

/** Tracing that has been started. */
export interface Tracing {
  /** Sends every span that has ended so far. Never rejects: a warning says how many could not be sent. */
  flush(): Promise<void>
  /** Sends every span that has ended so far, then stops; after that, tracing can be started again. Takes `exitTimeoutMillis` at most: what is not sent by then is lost, and a warning says how much that is. Never rejects. */
  shutdown(): Promise<void>
}

/**
 * Starts OpenTelemetry tracing for this process: provider, context, propagation, resource, sampler and
 * exporter. Call it once, as early as you like; import order does not matter. Every option wins over
 * its `OTEL_*` variable (OpenTelemetry Environment Variable Specification); a malformed variable gives
 * a warning and its default is used. `OTEL_CONFIG_FILE` names a file that stands for all of them. A second call warns and returns what the first one did.
 *
 * @example
 * ```ts
 * import { startTracing } from '@callchain/sdk'
 *
 * startTracing({ serviceName: 'orders', sampler: 0.1 })
 * ```
 * @throws TypeError when an option is malformed
 * @throws Error when `propagators` names one whose package is not installed, or `OTEL_CONFIG_FILE` a file that is malformed
 */
export function startTracing(options: StartTracingOptions = {}): Tracing {
  const running: unknown = Reflect.get(globalThis, RUNNING_TRACING)
  if (isTracing(running)) {
    warn('startTracing() was called again; only the first call has an effect')
    return running
  }
  checkOptions(options)
  const configuration = readConfiguration(options, process.env, warn)
  const tracing = start(configuration.options, configuration.environment)
  Reflect.set(globalThis, RUNNING_TRACING, tracing)
  return tracing
}

function start(options: StartTracingOptions, environment: Environment): Tracing {
  startDiagnostics(environment, warn)
  warnOfUnread(environment)
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

function isTracing(value: unknown): value is Tracing {
  return typeof value === 'object' && value !== null && 'shutdown' in value
}
