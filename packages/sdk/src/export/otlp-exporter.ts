import type { OtlpProtocol } from '../config/options.ts'
import { loadTransformer } from '../lazy/opentelemetry.cts'
import type { LossReport } from '../report/loss-report.ts'
import { warn } from '../report/warning.ts'
import type { WireFormat } from './collector-exporter.ts'
import { otlpAnswer } from './otlp-answer.ts'
import { type AnswerReader, createAnswerReader } from './partial-success.ts'

/** What is sent in each encoding of OTLP. */
export const CONTENT_TYPES: Readonly<Record<OtlpProtocol, string>> = {
  'http/protobuf': 'application/x-protobuf',
  'http/json': 'application/json',
  grpc: 'application/grpc',
}

/** Reads what a collector answers to OTLP, and counts what it did not take. */
export function otlpAnswerReader(protocol: OtlpProtocol, losses: LossReport): AnswerReader {
  return createAnswerReader(otlpAnswer(protocol), losses, warn)
}

/** OTLP/HTTP (OTLP 1.11) of spans that are objects. */
export function otlpFormat(protocol: OtlpProtocol, losses: LossReport): WireFormat {
  const { JsonTraceSerializer, ProtobufTraceSerializer } = loadTransformer()
  const serializer = protocol === 'http/json' ? JsonTraceSerializer : ProtobufTraceSerializer
  return {
    contentType: CONTENT_TYPES[protocol],
    serialize: (spans) => serializer.serializeRequest(spans),
    accepted: otlpAnswerReader(protocol, losses),
  }
}
