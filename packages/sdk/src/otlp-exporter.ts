import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { WireFormat } from './collector-exporter.ts'
import type { LossReport } from './loss-report.ts'
import type { OtlpProtocol } from './options.ts'

const FORMATS = {
  'http/protobuf': { contentType: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  'http/json': { contentType: 'application/json', serializer: JsonTraceSerializer },
} as const

/**
 * OTLP/HTTP (OTLP 1.11). Spans that the collector took the request for but refused
 * ("Partial Success") are counted as lost.
 */
export function otlpFormat(protocol: OtlpProtocol, losses: LossReport): WireFormat {
  const { contentType, serializer } = FORMATS[protocol]
  return {
    contentType,
    serialize: (spans) => serializer.serializeRequest(spans),
    accepted(answer) {
      if (answer.length === 0) return
      const partial = readAnswer(() => serializer.deserializeResponse(answer))?.partialSuccess
      const rejected = Number(partial?.rejectedSpans ?? 0)
      if (rejected > 0)
        losses.add(rejected, `the collector refused them (${partial?.errorMessage})`)
    },
  }
}

/** Whatever a collector answers beside its 2xx status, the spans were taken. */
function readAnswer<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
