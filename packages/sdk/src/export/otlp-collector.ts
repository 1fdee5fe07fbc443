import type { HttpTransportOptions, Signal } from '../config/collectors.ts'
import type { OtlpProtocol } from '../config/options.ts'
import { type Collector, createCollector } from './collector.ts'
import { createGrpcCollector } from './grpc-collector.ts'
import { CONTENT_TYPES } from './otlp-exporter.ts'
import type { AnswerReader } from './partial-success.ts'

/** A collector of one signal that speaks one of OTLP's protocols; `accepted` is told of its answers. */
export function createOtlpCollector(
  protocol: OtlpProtocol,
  signal: Signal,
  options: HttpTransportOptions,
  accepted: AnswerReader,
): Collector {
  return protocol === 'grpc'
    ? createGrpcCollector(options, signal, accepted)
    : createCollector(options, CONTENT_TYPES[protocol], accepted)
}
