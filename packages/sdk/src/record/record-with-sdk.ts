import { SCHEMA_URL } from '@callchain/core/internal'
import { TraceFlags } from '@opentelemetry/api'
import type { Sampler, SpanProcessor } from '@opentelemetry/sdk-trace'
import { withMessages } from '../config/sampler.ts'
import type { Exporters } from '../export/exporters.ts'
import { keepSampler } from '../keep/keep-sampler.ts'
import { keepReadables } from '../keep/keep-spans.ts'
import { createTraceDecider } from '../keep/trace-decider.ts'
import { loadResources, loadSdkTrace } from '../lazy/opentelemetry.cts'
import type { SpanRedactor } from '../redact/span-redactor.ts'
import type { Recording, RecordingSettings } from './recording.ts'

/** Records with OpenTelemetry's SDK, which is loaded here: the application's own parts need its objects. */
export function recordWithSdk(settings: RecordingSettings): Recording {
  const { TracerProvider } = loadSdkTrace()
  const { defaultResource, resourceFromAttributes } = loadResources()
  const { resource, spanLimits, processors, exporters, redaction, keep, counts } = settings
  const exit = redactFor(exporters, redaction)
  const kept = keep === undefined ? undefined : keepReadables(keep, [exit])
  const keeper = kept === undefined ? undefined : createTraceDecider(kept.keeper, keep?.forceKey)
  const sampler =
    kept === undefined ? settings.sampler : withMessages(keepSampler(kept.keeper, keep?.head))
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(resource, { schemaUrl: SCHEMA_URL })),
    sampler: (counts?.watchSampler(sampler) ?? sampler) as Sampler,
    spanLimits,
    spanProcessors: [
      ...(counts === undefined ? [] : [counts.processor]),
      ...processors,
      kept?.processor ?? exit,
    ],
  })
  return {
    provider,
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
    keeper,
  }
}

/** The exporters as one processor, so that a span is looked at once for all of them. */
function redactFor({ processors }: Exporters, redaction: SpanRedactor): SpanProcessor {
  const all = (work: (one: SpanProcessor) => Promise<void>) => async (): Promise<void> => {
    await Promise.all((processors as readonly SpanProcessor[]).map(work))
  }
  return {
    onStart(span) {
      for (const one of processors) one.onStart(span)
    },
    onEnd(span) {
      const isSent = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
      const sent = isSent ? redaction.readable(span) : span
      for (const one of processors) one.onEnd(sent)
    },
    forceFlush: all((one) => one.forceFlush()),
    shutdown: all((one) => one.shutdown()),
  }
}
