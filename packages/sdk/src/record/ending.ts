import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { ExitFlushOptions } from '../export/exit-flush.ts'
import type { Exporters } from '../export/exporters.ts'
import type { TraceDecider } from '../keep/trace-decider.ts'
import type { LogExport } from '../logs/log-export.ts'
import type { LossReport } from '../report/loss-report.ts'

/** What has been started. */
interface StartedParts {
  readonly exporters: Exporters
  readonly logs: LogExport | undefined
  readonly losses: LossReport
  readonly others: readonly SpanProcessor[]
  readonly keeper: TraceDecider | undefined
}

/** What an ending process asks of all that has been started. */
export function combine({
  exporters,
  logs,
  losses,
  others,
  keeper,
}: StartedParts): Omit<ExitFlushOptions, 'signals' | 'timeoutMillis'> {
  return {
    pending: () => exporters.pending() || logs?.pending === true,
    drain: () => Promise.all([exporters.drain(), logs?.drain()]),
    finish() {
      keeper?.settle()
      const flushed = others.map((one) => one.forceFlush())
      return Promise.all([exporters.finish(), logs?.finish(), ...flushed])
    },
    abandon(reason) {
      exporters.abandon(reason)
      logs?.abandon(reason)
    },
    close(reason) {
      losses.close()
      exporters.close(reason)
      logs?.close(reason)
    },
  }
}
