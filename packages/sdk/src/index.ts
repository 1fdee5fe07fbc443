export type { KeepOptions, KeepRuleOptions, SlowPercentileOptions } from './config/keep-options.ts'
export type {
  HistogramAggregation,
  MetricExporterName,
  MetricsOptions,
  MetricTemporality,
} from './config/metric-options.ts'
export type {
  BatchOptions,
  Compression,
  ExporterName,
  OtlpProtocol,
  PropagatorName,
  RedactAction,
  RedactOptions,
  RedactShape,
  SamplerName,
  StartTracingOptions,
} from './config/options.ts'
export { edgeSampler } from './config/sampler.ts'
export { createKeepToken } from './keep/keep-token.ts'
export { startTracing, type Tracing } from './start-tracing.ts'
