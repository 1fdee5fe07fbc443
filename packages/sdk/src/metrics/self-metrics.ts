import {
  type Attributes,
  type BatchObservableResult,
  type Histogram,
  type MeterProvider,
  metrics,
} from '@opentelemetry/api'
import { isRegistered } from '../config/registered.ts'
import { VERSION } from '../config/version.ts'
import type { Pipeline } from '../export/pipeline.ts'
import type { PointCounts } from './otlp-metric-exporter.ts'
import { createSelfInstruments, type SelfInstruments } from './self-instruments.ts'
import { PARENT_ORIGINS, SAMPLING_RESULTS, type SpanCounts } from './span-counts.ts'

/** The export of metrics, as metrics call it. */
export interface PointPipeline {
  readonly exporterType: string
  readonly url: URL
  readonly counts: PointCounts
  readonly rejections: { readonly rejected: number }
}

/** What the metrics of tracing itself are read from. */
export interface SelfSources {
  readonly spans: SpanCounts | undefined
  readonly pipelines: readonly Pipeline[]
  readonly points: PointPipeline | undefined
}

/** The metrics of tracing itself. */
export interface SelfMetrics {
  stop(): void
}

/**
 * Gives out what is counted in any case (Semantic conventions, "OpenTelemetry SDK metrics"): read when
 * metrics are collected, so that spans cost nothing more. A meter provider that the application registers
 * later is found at the end of an export.
 */
export function startSelfMetrics(sources: SelfSources): SelfMetrics {
  let provider: MeterProvider | undefined
  let leave = (): void => {}
  const follow = (): void => {
    const current = metrics.getMeterProvider()
    // Ours is taken back before the last metrics are read.
    if (current === provider || (provider !== undefined && !isRegistered('metrics'))) return
    leave()
    provider = current
    leave = observe(current, sources, follow)
  }
  follow()
  return { stop: () => leave() }
}

/** @returns a function that ends it */
function observe(provider: MeterProvider, sources: SelfSources, onExport: () => void): () => void {
  const meter = provider.getMeter('@callchain/sdk', VERSION)
  const instruments = createSelfInstruments(meter)
  const names = createNames()
  const named = sources.pipelines.map((pipeline) => ({
    pipeline,
    queue: names(`batching_${pipeline.signal}_processor`),
    exporter: { ...names(pipeline.exporterType), ...serverOf(pipeline.url) },
  }))
  for (const { pipeline, exporter } of named) {
    const time = timer(instruments.operation, exporter)
    pipeline.counts.watch((seconds, errorType) => {
      time(seconds, errorType)
      onExport()
    })
  }
  const { points } = sources
  const sender = points && { ...names(points.exporterType), ...serverOf(points.url) }
  const read = (result: BatchObservableResult): void => {
    if (sources.spans !== undefined) readSpans(result, instruments, sources.spans)
    for (const { pipeline, queue, exporter } of named) {
      readPipeline(result, instruments, pipeline, queue, exporter)
    }
    if (points !== undefined && sender !== undefined) {
      const { inflight, delivered, failed } = points.counts
      result.observe(instruments.point.inflight, inflight, sender)
      const rejected = points.rejections.rejected
      readExported(result, instruments.point.exported, delivered, rejected, failed, sender)
    }
  }
  meter.addBatchObservableCallback(read, instruments.observables)
  return () => {
    meter.removeBatchObservableCallback(read, instruments.observables)
    for (const { counts } of sources.pipelines) counts.watch(undefined)
  }
}

function timer(duration: Histogram, exporter: Attributes) {
  return (seconds: number, errorType: string | undefined): void => {
    const failed = errorType === undefined ? {} : { 'error.type': errorType }
    duration.record(seconds, { ...exporter, ...failed })
  }
}

function readSpans(
  result: BatchObservableResult,
  { spans }: SelfInstruments,
  counts: SpanCounts,
): void {
  for (const [answer, word] of SAMPLING_RESULTS.entries()) {
    const sampled = { 'otel.span.sampling_result': word }
    if (answer > 0) result.observe(spans.live, counts.live(answer), sampled)
    for (const [origin, name] of PARENT_ORIGINS.entries()) {
      const attributes = { ...sampled, 'otel.span.parent.origin': name }
      result.observe(spans.started, counts.started(origin, answer), attributes)
    }
  }
}

function readPipeline(
  result: BatchObservableResult,
  instruments: SelfInstruments,
  { signal, counts, rejections }: Pipeline,
  queue: Attributes,
  exporter: Attributes,
): void {
  const { size, capacity, processed, inflight, exported } = instruments[signal]
  const rejected = rejections?.rejected ?? 0
  let settled = counts.delivered
  for (const count of counts.failed.values()) settled += count
  result.observe(size, counts.size, queue)
  result.observe(capacity, counts.capacity, queue)
  // What is being exported may come back to the queue, and a counter must not fall.
  result.observe(processed, settled, queue)
  for (const [type, count] of counts.dropped) {
    result.observe(processed, count, { ...queue, 'error.type': type })
  }
  result.observe(inflight, counts.inflight, exporter)
  readExported(result, exported, counts.delivered, rejected, counts.failed, exporter)
}

function readExported(
  result: BatchObservableResult,
  exported: SelfInstruments['point']['exported'],
  delivered: number,
  rejected: number,
  failed: ReadonlyMap<string, number>,
  exporter: Attributes,
): void {
  result.observe(exported, delivered - rejected, exporter)
  if (rejected > 0) result.observe(exported, rejected, { ...exporter, 'error.type': 'rejected' })
  for (const [type, count] of failed) {
    result.observe(exported, count, { ...exporter, 'error.type': type })
  }
}

/** Names by the type, numbered from 0, as the conventions recommend it. */
function createNames(): (type: string) => Attributes {
  const numbers = new Map<string, number>()
  return (type) => {
    const number = numbers.get(type) ?? 0
    numbers.set(type, number + 1)
    return { 'otel.component.type': type, 'otel.component.name': `${type}/${number}` }
  }
}

function serverOf(url: URL | undefined): Attributes {
  if (url === undefined) return {}
  const standard = url.protocol === 'https:' ? 443 : 80
  return {
    'server.address': url.hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(url.port || standard),
  }
}
