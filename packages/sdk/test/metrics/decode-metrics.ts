import type { Collector, Received } from '../collector.ts'

interface KeyValue {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string }
}

interface Point {
  readonly attributes: readonly KeyValue[]
  readonly asInt?: number | string
  readonly asDouble?: number
  readonly count?: number | string
  readonly sum?: number
  readonly explicitBounds?: readonly number[]
}

interface Metric {
  readonly name: string
  readonly unit: string
  readonly sum?: { readonly dataPoints: Point[]; readonly aggregationTemporality: number }
  readonly histogram?: { readonly dataPoints: Point[]; readonly aggregationTemporality: number }
  readonly exponentialHistogram?: { readonly dataPoints: Point[] }
  readonly gauge?: { readonly dataPoints: Point[] }
}

/** One series, as it was sent. */
export interface Series {
  readonly name: string
  readonly unit: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** The sum, the value, or the count of a histogram. */
  readonly value: number
  readonly bounds: readonly number[] | undefined
  readonly temporality: number | undefined
  readonly kind: 'sum' | 'histogram' | 'exponentialHistogram' | 'gauge'
}

const KINDS = ['sum', 'histogram', 'exponentialHistogram', 'gauge'] as const

/** All series of a request in OTLP/JSON. */
export function seriesOf({ body }: Received): Series[] {
  const { resourceMetrics } = JSON.parse(body.toString())
  const metrics: Metric[] = resourceMetrics.flatMap((one: { scopeMetrics: { metrics: [] }[] }) =>
    one.scopeMetrics.flatMap((scope) => scope.metrics),
  )
  return metrics.flatMap((metric) => KINDS.flatMap((kind) => readKind(metric, kind)))
}

function readKind(metric: Metric, kind: (typeof KINDS)[number]): Series[] {
  const data = metric[kind]
  return (data?.dataPoints ?? []).map((point) => ({
    name: metric.name,
    unit: metric.unit,
    kind,
    attributes: Object.fromEntries(
      point.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
    ),
    value: Number(point.count ?? point.asInt ?? point.asDouble),
    bounds: point.explicitBounds,
    temporality: data && 'aggregationTemporality' in data ? data.aggregationTemporality : undefined,
  }))
}

/** The metrics that a collector has got last, by the name of the metric. */
export function lastMetrics({ received }: Collector): (name: string) => Series[] {
  const last = received.filter(({ path }) => path.endsWith('/v1/metrics')).at(-1)
  const all = last === undefined ? [] : seriesOf(last)
  return (name) => all.filter((series) => series.name === name)
}
