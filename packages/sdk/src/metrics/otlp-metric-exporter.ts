import type {
  AggregationTemporality,
  InstrumentType,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import type { MetricTemporality } from '../config/metric-options.ts'
import type { Collector } from '../export/collector.ts'
import { type ExportFailure, toExportError } from '../export/export-failure.ts'
import { FAILED, SUCCESS } from '../export/export-spans.ts'
import type { LossReport } from '../report/loss-report.ts'

/** What metrics say of their own export. */
export interface PointCounts {
  /** Data points that are being sent. */
  inflight: number
  delivered: number
  /** By `error.type`. */
  readonly failed: Map<string, number>
}

/** An exporter of metrics, with what an ending process does with it. */
export interface OtlpMetricExporter extends PushMetricExporter {
  readonly counts: PointCounts
  /** Counts what is being sent as lost, for there is no more time for it. */
  abandon(reason: string): void
}

const CUMULATIVE: AggregationTemporality = 1
const DELTA: AggregationTemporality = 0

/** Which instruments are sent as what came since the last export (OTLP exporter, "Additional Configuration"). */
const DELTAS: Readonly<Record<MetricTemporality, ReadonlySet<string>>> = {
  cumulative: new Set(),
  delta: new Set(['COUNTER', 'OBSERVABLE_COUNTER', 'HISTOGRAM', 'GAUGE', 'OBSERVABLE_GAUGE']),
  lowmemory: new Set(['COUNTER', 'HISTOGRAM']),
}

/** Posts metrics to a collector; what is not taken is told to `losses`, in data points. */
export function createOtlpMetricExporter(
  collector: Collector,
  serialize: (metrics: ResourceMetrics) => Uint8Array | undefined,
  temporality: MetricTemporality,
  losses: LossReport,
): OtlpMetricExporter {
  const counts: PointCounts = { inflight: 0, delivered: 0, failed: new Map() }
  const settle = (count: number, failure: ExportFailure | undefined): void => {
    counts.inflight -= count
    if (failure === undefined) counts.delivered += count
    else {
      const type = failure.type ?? '_OTHER'
      counts.failed.set(type, (counts.failed.get(type) ?? 0) + count)
      losses.add(count, failure.reason)
    }
  }
  let generation = 0
  const send = async (metrics: ResourceMetrics): Promise<ExportFailure | undefined> => {
    const count = countPoints(metrics)
    const own = generation
    counts.inflight += count
    const body = serialize(metrics)
    const failure = body === undefined ? undefined : await collector.post(body, count)
    // Not if it has been abandoned.
    if (own === generation) settle(count, failure)
    return failure
  }
  return {
    counts,
    export(metrics, done) {
      send(metrics).then(
        (failure) =>
          done(
            failure === undefined
              ? { code: SUCCESS }
              : { code: FAILED, error: toExportError(failure) },
          ),
        (error) => done({ code: FAILED, error }),
      )
    },
    selectAggregationTemporality: (type: InstrumentType) =>
      DELTAS[temporality].has(type) ? DELTA : CUMULATIVE,
    forceFlush: async () => {},
    shutdown: async () => collector.close(),
    abandon(reason) {
      generation++
      const count = counts.inflight
      if (count > 0) settle(count, { reason, type: 'abandoned' })
    },
  }
}

function countPoints({ scopeMetrics }: ResourceMetrics): number {
  let count = 0
  for (const { metrics } of scopeMetrics) {
    for (const { dataPoints } of metrics) count += dataPoints.length
  }
  return count
}
