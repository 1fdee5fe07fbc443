import type { Sampler, SpanRecord, SpanSink } from '@callchain/recorder'
import { TraceFlags, trace } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'

/** What the conventions call where a span's parent is (`otel.span.parent.origin`). */
export const PARENT_ORIGINS = ['none', 'local', 'remote'] as const
/** What they call the answers of a sampler (`otel.span.sampling_result`), in the order of their numbers. */
export const SAMPLING_RESULTS = ['DROP', 'RECORD_ONLY', 'RECORD_AND_SAMPLE'] as const

/** How many spans were started and ended. Counted only where there are metrics. */
export class SpanCounts {
  /** By origin of the parent, then by answer of the sampler. */
  private readonly counts = PARENT_ORIGINS.map(() => SAMPLING_RESULTS.map(() => 0))
  private endedSampled = 0
  private endedOthers = 0

  /** How many spans were started, ever; both by their place in the lists. */
  started(origin: number, result: number): number {
    return this.counts[origin]?.[result] ?? 0
  }

  /** How many recording spans have not ended, by the answer's place in the list. */
  live(result: number): number {
    const started = PARENT_ORIGINS.reduce((sum, _, origin) => sum + this.started(origin, result), 0)
    if (result === 0) return 0
    return Math.max(0, started - (result === 2 ? this.endedSampled : this.endedOthers))
  }

  /** A sampler that counts the answers of `sampler`: it is asked about every span. */
  watchSampler(sampler: Sampler): Sampler {
    return {
      ignoresAttributes: sampler.ignoresAttributes === true,
      shouldSample: (context, traceId, name, kind, attributes, links) => {
        const answer = sampler.shouldSample(context, traceId, name, kind, attributes, links)
        const parent = trace.getSpanContext(context)
        const row = this.counts[parent === undefined ? 0 : parent.isRemote === true ? 2 : 1]
        if (row !== undefined) row[answer.decision] = (row[answer.decision] ?? 0) + 1
        return answer
      },
      toString: () => sampler.toString(),
    }
  }

  /** A sink that counts what has ended, and hands it to `sink`. */
  watchSink(sink: SpanSink): SpanSink {
    const { start, leave } = sink
    const watched: SpanSink = {
      add: (span) => {
        this.endedSampled++
        sink.add(span)
      },
      leave: (span: SpanRecord) => {
        this.endedOthers++
        leave?.call(sink, span)
      },
    }
    return start === undefined ? watched : { ...watched, start: (span) => start.call(sink, span) }
  }

  /** A processor that counts what has ended. */
  readonly processor: SpanProcessor = {
    onStart() {},
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.endedSampled++
      else this.endedOthers++
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
}
