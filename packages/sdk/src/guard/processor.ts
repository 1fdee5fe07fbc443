import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import { createFaultReport } from '../report/fault-report.ts'
import { warn } from '../report/warning.ts'

/** A processor of the application's whose failures end nothing: they are counted and said. */
export function guardProcessor(processor: SpanProcessor): SpanProcessor {
  const faults = createFaultReport('a span processor', warn)
  const settled = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      faults.add(error)
    }
  }
  return {
    onStart: (span, context) => faults.guard(() => processor.onStart(span, context)),
    ...(processor.onEnding !== undefined && {
      onEnding: (span) => faults.guard(() => processor.onEnding?.(span)),
    }),
    onEnd: (span) => faults.guard(() => processor.onEnd(span)),
    forceFlush: () => settled(() => processor.forceFlush()),
    shutdown: () => settled(() => processor.shutdown()),
  }
}
