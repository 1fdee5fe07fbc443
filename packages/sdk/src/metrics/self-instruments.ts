import type { Histogram, Meter, Observable } from '@opentelemetry/api'

/** The instruments of a queue and its exporter. */
interface PipelineInstruments {
  readonly size: Observable
  readonly capacity: Observable
  readonly processed: Observable
  readonly inflight: Observable
  readonly exported: Observable
}

/** The instruments of "OpenTelemetry SDK metrics" (Semantic conventions). */
export interface SelfInstruments {
  readonly spans: { readonly live: Observable; readonly started: Observable }
  readonly span: PipelineInstruments
  readonly log: PipelineInstruments
  readonly point: Pick<PipelineInstruments, 'inflight' | 'exported'>
  readonly operation: Histogram
  /** All that are read when metrics are collected. */
  readonly observables: Observable[]
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Makes them on `meter`. */
export function createSelfInstruments(meter: Meter): SelfInstruments {
  const observables: Observable[] = []
  const keep = (observable: Observable): Observable => {
    observables.push(observable)
    return observable
  }
  const sum = (name: string, unit: string, description: string) =>
    keep(meter.createObservableCounter(`otel.sdk.${name}`, { unit, description }))
  const level = (name: string, unit: string, description: string) =>
    keep(meter.createObservableUpDownCounter(`otel.sdk.${name}`, { unit, description }))
  const exporter = (word: string, unit: string, what: string) => ({
    inflight: level(`exporter.${word}.inflight`, unit, `${what} that are being exported.`),
    exported: sum(`exporter.${word}.exported`, unit, `${what} whose export is over.`),
  })
  const pipeline = (word: string, unit: string, what: string): PipelineInstruments => ({
    size: level(`processor.${word}.queue.size`, unit, `${what} that wait in the queue.`),
    capacity: level(`processor.${word}.queue.capacity`, unit, `Most ${what} that may wait.`),
    processed: sum(`processor.${word}.processed`, unit, `${what} that left the queue.`),
    ...exporter(word, unit, what),
  })
  return {
    spans: {
      live: level('span.live', '{span}', 'Recorded spans that have not ended.'),
      started: sum('span.started', '{span}', 'Spans that were started.'),
    },
    span: pipeline('span', '{span}', 'Spans'),
    log: pipeline('log', '{log_record}', 'Log records'),
    point: exporter('metric_data_point', '{data_point}', 'Data points'),
    operation: meter.createHistogram('otel.sdk.exporter.operation.duration', {
      unit: 's',
      description: 'Duration of exports.',
      advice: { explicitBucketBoundaries: BUCKETS },
    }),
    observables,
  }
}
