export type { Chunk } from './otlp/chunk.ts'
export type { EndedSpan, Scope, SpanEvent, SpanLink } from './otlp/ended-span.ts'
export { createSpanQueue, type QueueOptions, type SpanQueue } from './otlp/span-queue.ts'
export type { AttributeList } from './rules/attribute-list.ts'
export type { SpanLimits } from './rules/limits.ts'
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
  traceIdRatio,
} from './tracer/samplers.ts'
