export type { Chunk } from './otlp/chunk.ts'
export type { EndedSpan, Scope, SpanEvent, SpanLink, SpanRecord } from './otlp/ended-span.ts'
export { createSpanQueue } from './otlp/span-queue.ts'
export type { QueueOptions, SpanQueue } from './otlp/span-queue-type.ts'
export type { AttributeList } from './rules/attribute-list.ts'
export type { SpanLimits } from './rules/limits.ts'
export { attributeOf, changedSpan } from './span/changed-span.ts'
export { type SpanView, toSpanView, type ViewedEvent } from './span/span-view.ts'
export { parentOf } from './tracer/parent.ts'
export {
  createRecorderProvider,
  type RecorderProvider,
  type RecorderProviderOptions,
  type SpanSink,
} from './tracer/recorder-provider.ts'
export {
  alwaysOff,
  alwaysOn,
  type ParentSamplers,
  parentBased,
  type Sampler,
  type SamplingAnswer,
  traceIdRatio,
} from './tracer/samplers.ts'
