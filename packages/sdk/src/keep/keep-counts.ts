import { type Counter, type MeterProvider, metrics } from '@opentelemetry/api'
import type { KeepCounts } from './closed-parts.ts'

/**
 * Counts what is kept on whatever meter provider there is now: `callchain.keep.parts` with the reason,
 * and `callchain.keep.dropped_spans`.
 */
export function createKeepCounts(): KeepCounts {
  let provider: MeterProvider | undefined
  let counters: { readonly parts: Counter; readonly spans: Counter } | undefined
  const read = (): NonNullable<typeof counters> => {
    const current = metrics.getMeterProvider()
    // The application may set its provider after tracing.
    if (counters === undefined || current !== provider) {
      provider = current
      const meter = current.getMeter('@callchain/sdk')
      counters = {
        parts: meter.createCounter('callchain.keep.parts', {
          description: 'Parts of traces that were kept, by reason',
          unit: '{part}',
        }),
        spans: meter.createCounter('callchain.keep.dropped_spans', {
          description: 'Spans of parts that were not kept',
          unit: '{span}',
        }),
      }
    }
    return counters
  }
  return {
    kept: (reason) => read().parts.add(1, { 'callchain.kept': reason }),
    dropped: (spans) => read().spans.add(spans),
  }
}
