export type { Chunk } from './otlp/chunk.ts'
export type { EndedSpan, Scope, SpanEvent, SpanLink } from './otlp/ended-span.ts'
export { createSpanQueue, type QueueOptions, type SpanQueue } from './otlp/span-queue.ts'
export type { AttributeList } from './rules/attribute-list.ts'
export type { SpanLimits } from './rules/limits.ts'
export {
  createRecorder,
  type Recorder,
  type RecorderOptions,
  type SpanSink,
} from './tracer/recorder.ts'
export {
  alwaysOff,
  alwaysOn,
  type ParentSamplers,
  parentBased,
  type Sampler,
  traceIdRatio,
} from './tracer/samplers.ts'
