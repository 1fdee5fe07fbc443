import { SCHEMA_URL } from '@callchain/core/internal'
import {
  createRecorderProvider,
  type RecorderProvider,
  type SpanRecord,
  type SpanSink,
  toSpanView,
} from '@callchain/recorder'
import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { withMessages } from '../config/sampler.ts'
import type { Exporters } from '../export/exporters.ts'
import { keepSampler } from '../keep/keep-sampler.ts'
import { keepRecords } from '../keep/keep-spans.ts'
import { createTraceDecider } from '../keep/trace-decider.ts'
import type { SpanRedactor } from '../redact/span-redactor.ts'
import type { Recording, RecordingSettings } from './recording.ts'

/** Longest wait of a flush, in milliseconds, as in OpenTelemetry's SDK. */
const MAX_FLUSH_MILLIS = 30_000

/** Records with our own recorder. */
export function recordSpans(settings: Omit<RecordingSettings, 'processors'>): Recording {
  const { resource, spanLimits, exporters, redaction } = settings
  const all = [...exporters.encoders, ...exporters.processors]
  const flush = async (): Promise<void> => {
    await inTime(Promise.all(all.map((one) => one.forceFlush())))
  }
  const exit = sinkOf(exporters, resource, redaction)
  const kept = settings.keep === undefined ? undefined : keepRecords(settings.keep, exit)
  const keeper =
    kept === undefined ? undefined : createTraceDecider(kept.keeper, settings.keep?.forceKey)
  const shutdown = async (): Promise<void> => {
    keeper?.settle()
    await Promise.all(all.map((one) => one.shutdown()))
  }
  const sampler =
    kept === undefined
      ? settings.sampler
      : withMessages(keepSampler(kept.keeper, settings.keep?.head))
  const sink = kept?.sink ?? exit
  const { counts } = settings
  const recorder = createRecorderProvider({
    sink: counts?.watchSink(sink) ?? sink,
    sampler: counts?.watchSampler(sampler) ?? sampler,
    limits: spanLimits,
  })
  const provider = new CallchainTracerProvider(recorder, flush, shutdown)
  return { provider, flush, shutdown, keeper }
}

/** Our provider, by a name that others can show; what wraps functions of a cloud flushes it by itself. */
class CallchainTracerProvider implements RecorderProvider {
  readonly getTracer: RecorderProvider['getTracer']
  readonly forceFlush: () => Promise<void>
  readonly shutdown: () => Promise<void>

  constructor(
    recorder: RecorderProvider,
    forceFlush: () => Promise<void>,
    shutdown: () => Promise<void>,
  ) {
    this.getTracer = recorder.getTracer
    this.forceFlush = forceFlush
    this.shutdown = shutdown
  }
}

/** Hands records to what encodes them, and views of them to all others. */
function sinkOf(
  { encoders, processors }: Exporters,
  attributes: Attributes,
  redaction: SpanRedactor,
): SpanSink {
  const [encoder] = encoders
  if (encoder !== undefined && encoders.length === 1 && processors.length === 0) {
    return { add: (span) => encoder.onEnd(redaction.record(span)) }
  }
  const resource = viewResource(attributes)
  const show = (span: SpanRecord): void => {
    if (processors.length === 0) return
    const view = toSpanView(span, resource) as ReadableSpan
    for (const processor of processors) processor.onEnd(view)
  }
  return {
    start(span) {
      for (const processor of processors) processor.onStart(span)
    },
    add(span) {
      const sent = redaction.record(span)
      for (const one of encoders) one.onEnd(sent)
      show(sent)
    },
    leave: show,
  }
}

/** The parts of a Resource that exporters read. */
function viewResource(attributes: Attributes): ReadableSpan['resource'] {
  const resource: ReadableSpan['resource'] = {
    attributes,
    schemaUrl: SCHEMA_URL,
    asyncAttributesPending: false,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  }
  return resource
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, MAX_FLUSH_MILLIS).unref()
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
