import type { OtlpProtocol } from '../config/options.ts'
import type { Rejections } from '../report/rejections.ts'
import type { QueueCounts } from './queue-counts.ts'

/** What is sent, as the names of metrics have it. */
export type SignalName = 'span' | 'log'

/** A queue and its exporter, as metrics call them. */
export interface Pipeline {
  readonly signal: SignalName
  /** The exporter, as `otel.component.type` has it. */
  readonly exporterType: string
  /** Where it sends to; undefined where only the application knows. */
  readonly url: URL | undefined
  readonly counts: QueueCounts
  /** What the collector took the request for, but not the items; undefined where it never says so. */
  readonly rejections: Pick<Rejections, 'rejected'> | undefined
}

const OTLP_WORDS: Readonly<Record<OtlpProtocol, string>> = {
  'http/protobuf': 'otlp_http',
  'http/json': 'otlp_http_json',
  grpc: 'otlp_grpc',
}

/** What the conventions call an exporter of OTLP (`otel.component.type`). */
export function otlpExporterType(protocol: OtlpProtocol, what: SignalName | 'metric'): string {
  return `${OTLP_WORDS[protocol]}_${what}_exporter`
}
