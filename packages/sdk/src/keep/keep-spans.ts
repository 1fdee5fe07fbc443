import { WITHDRAWN } from '@callchain/core/internal'
import { attributeOf, changedSpan, type SpanRecord, type SpanSink } from '@callchain/recorder'
import type { Attributes, SpanContext } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { createKeepCounts } from './keep-counts.ts'
import { Keeper } from './keeper.ts'
import type { SpanExit } from './part.ts'
import type { KeepSettings } from './settings.ts'

/** A keeper of records, and the sink that hands it to them. */
export interface KeptRecords {
  readonly keeper: Keeper<SpanRecord>
  readonly sink: SpanSink
}

/** Puts a keeper in front of `sink`, which gets only what is kept. */
export function keepRecords(settings: KeepSettings, sink: SpanSink): KeptRecords {
  const exit: SpanExit<SpanRecord> = {
    attribute: attributeOf,
    send(span, context, attributes) {
      const isSame = attributes === undefined && context === span.spanContext()
      sink.add(isSame ? span : changedSpan(span, context, attributes))
    },
  }
  const keeper = new Keeper(settings, exit, createKeepCounts())
  const end = (span: SpanRecord): void => {
    if (isWithdrawn(span)) keeper.discard(span)
    else keeper.end(span)
  }
  return { keeper, sink: { start: (span) => keeper.start(span), add: end, leave: end } }
}

/** A keeper of the spans of OpenTelemetry's SDK, in front of the exporters' processors. */
export function keepReadables(
  settings: KeepSettings,
  processors: readonly Pick<SpanProcessor, 'onEnd' | 'forceFlush' | 'shutdown'>[],
): { readonly keeper: Keeper<ReadableSpan>; readonly processor: SpanProcessor } {
  const exit: SpanExit<ReadableSpan> = {
    attribute: (span, key) => span.attributes[key],
    send(span, context, attributes) {
      const view = changedReadable(span, context, attributes)
      for (const processor of processors) processor.onEnd(view)
    },
  }
  const keeper = new Keeper(settings, exit, createKeepCounts())
  const all = (work: (one: (typeof processors)[number]) => Promise<void>): Promise<void> =>
    Promise.all(processors.map(work)).then(() => undefined)
  const processor: SpanProcessor = {
    onStart: (span) => keeper.start(span as unknown as ReadableSpan),
    onEnd(span) {
      if (isWithdrawn(span)) keeper.discard(span)
      else keeper.end(span)
    },
    forceFlush: () => all((one) => one.forceFlush()),
    shutdown() {
      keeper.settle()
      return all((one) => one.shutdown())
    },
  }
  return { keeper, processor }
}

function isWithdrawn(span: object): boolean {
  return Reflect.get(span, WITHDRAWN) === true
}

/** All else is read through the span itself. */
function changedReadable(
  span: ReadableSpan,
  context: SpanContext,
  attributes: Attributes | undefined,
): ReadableSpan {
  if (attributes === undefined && context === span.spanContext()) return span
  return Object.create(span, {
    spanContext: { value: () => context },
    attributes: { value: { ...span.attributes, ...attributes }, enumerable: true },
  })
}
