export type {
  BatchOptions,
  Compression,
  ExporterName,
  OtlpProtocol,
  PropagatorName,
  SamplerName,
  StartTracingOptions,
} from './options.ts'
export { edgeSampler } from './sampler.ts'
export { startTracing, type Tracing } from './start-tracing.ts'
