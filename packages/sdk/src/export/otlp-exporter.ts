import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { OtlpProtocol } from '../config/options.ts'
import type { LossReport } from '../report/loss-report.ts'
import { warn } from '../report/warning.ts'
import type { WireFormat } from './collector-exporter.ts'
import { createAnswerReader, type PartialSuccess } from './partial-success.ts'

const FORMATS = {
  'http/protobuf': { contentType: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  'http/json': { contentType: 'application/json', serializer: JsonTraceSerializer },
} as const

/** OTLP/HTTP (OTLP 1.11). */
export function otlpFormat(protocol: OtlpProtocol, losses: LossReport): WireFormat {
  const { contentType, serializer } = FORMATS[protocol]
  const read = (answer: Uint8Array): PartialSuccess => {
    const { rejectedSpans, errorMessage } =
      serializer.deserializeResponse(answer).partialSuccess ?? {}
    return { rejected: rejectedSpans, errorMessage }
  }
  return {
    contentType,
    serialize: (spans) => serializer.serializeRequest(spans),
    accepted: createAnswerReader(read, losses, warn),
  }
}
