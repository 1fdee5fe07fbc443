import {
  createRecorderProvider,
  type Sampler,
  type SpanRecord,
  toSpanView,
} from '@callchain/recorder'
import type { TracerProvider } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { SpanLog } from './span-log.ts'

/** The provider of a `Recorder`. */
export interface TestedProvider extends TracerProvider {
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/** A provider of `@callchain/recorder` whose spans are kept in a log, as the SDK's would be. */
export function recordInto(log: SpanLog, sampler: Sampler): TestedProvider {
  const resource = { attributes: {}, merge: () => resource, getRawAttributes: () => [] }
  const read = (span: SpanRecord): ReadableSpan => toSpanView(span, resource) as ReadableSpan
  const end = (span: SpanRecord): void => log.end(span, read(span))
  const sink = {
    start: (span: SpanRecord) => log.begin(span, () => read(span)),
    add: end,
    leave: end,
  }
  const settled = async (): Promise<void> => {}
  const recorder = createRecorderProvider({ sink, sampler })
  return { ...recorder, forceFlush: settled, shutdown: settled }
}
