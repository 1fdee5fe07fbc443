import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { ExitFlushOptions } from '../export/exit-flush.ts'
import type { Exporters } from '../export/exporters.ts'
import type { TraceDecider } from '../keep/trace-decider.ts'
import type { LogExport } from '../logs/log-export.ts'
import type { MetricExport } from '../metrics/start-metrics.ts'
import type { LossReport } from '../report/loss-report.ts'

/** What has been started. */
interface StartedParts {
  readonly exporters: Exporters
  readonly logs: LogExport | undefined
  readonly metrics: MetricExport | undefined
  /** Longest time that the last metrics wait for the last spans, whose counts are among them. */
  readonly metricsAfterMillis: number
  readonly losses: LossReport
  readonly others: readonly SpanProcessor[]
  readonly keeper: TraceDecider | undefined
}

/** What an ending process asks of all that has been started. */
export function combine({
  exporters,
  logs,
  metrics,
  metricsAfterMillis,
  losses,
  others,
  keeper,
}: StartedParts): Omit<ExitFlushOptions, 'signals' | 'timeoutMillis'> {
  return {
    pending: () => exporters.pending() || logs?.pending === true || metrics?.pending === true,
    drain: () => Promise.all([exporters.drain(), logs?.drain(), metrics?.drain()]),
    finish() {
      keeper?.settle()
      const flushed = others.map((one) => one.forceFlush())
      const sent = Promise.all([exporters.finish(), logs?.finish(), ...flushed])
      return metrics === undefined
        ? sent
        : endAfter(sent, metricsAfterMillis, () => metrics.finish())
    },
    abandon(reason) {
      exporters.abandon(reason)
      logs?.abandon(reason)
      metrics?.abandon(reason)
    },
    close(reason) {
      losses.close()
      exporters.close(reason)
      logs?.close(reason)
      metrics?.close()
    },
  }
}

/** Waits for `work`, and does `last` when it is over, or after `millis`. */
export async function endAfter(
  work: Promise<unknown>,
  millis: number,
  last: () => Promise<void>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, millis).unref()
  })
  await Promise.race([work, late])
  clearTimeout(timer)
  await Promise.all([work, last()])
}
