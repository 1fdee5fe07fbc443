import { type LogLine, setLogSink } from '@callchain/core'
import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer'
import type { Resource } from '@opentelemetry/resources'
import { type BatchLimits, createBatchProcessor } from './batch-processor.ts'
import { createCollectorExporter, type WireFormat } from './collector-exporter.ts'
import { LOGS, readOtlpCollector, readOtlpProtocol } from './collectors.ts'
import type { Environment } from './environment.ts'
import { toLogRecord } from './log-record.ts'
import { createLossReport, type LossReport } from './loss-report.ts'
import type { OtlpProtocol, StartTracingOptions } from './options.ts'
import { warn } from './warning.ts'

/** The export of log lines, with what an ending process asks of it. */
export interface LogExport {
  /** Whether lines wait to be sent. */
  readonly pending: boolean
  flush(): Promise<void>
  /** Sends what waits, without keeping the process alive. */
  drain(): Promise<void>
  /** As `drain`, but what fails is not tried again. */
  finish(): Promise<void>
  /** Counts what waits as lost. */
  abandon(): void
  /** Sends what waits, and takes no more. */
  shutdown(): Promise<void>
}

/** A line in the queue. Lines are read when they are sent: to log costs the application little. */
interface QueuedLine extends LogLine {
  readonly resource: Resource
  readonly takenMillis: number
  spanContext(): typeof SAMPLED
}

// The queue passes by what is not sampled; lines are sent all the same.
const SAMPLED = { traceId: '', spanId: '', traceFlags: 1 }

/** Starts to send the lines of traced loggers, if the options, else `OTEL_LOGS_EXPORTER`, ask for it. */
export function startLogExport(
  options: StartTracingOptions,
  environment: Environment,
  limits: BatchLimits,
  resource: Resource,
): LogExport | undefined {
  const asked = environment.choice('OTEL_LOGS_EXPORTER', ['otlp', 'none'], 'none')
  if ((options.logs ?? asked) !== 'otlp') return undefined
  const losses = createLossReport(warn, undefined, 'log line')
  const format = logFormat(readOtlpProtocol(options, environment, LOGS), losses)
  const exporter = createCollectorExporter(format, readOtlpCollector(options, environment, LOGS))
  const batch = createBatchProcessor<QueuedLine>(exporter, limits, losses)
  const spanContext = (): typeof SAMPLED => SAMPLED
  setLogSink(({ context, line }) => {
    batch.onEnd({ context, line, resource, takenMillis: Date.now(), spanContext })
  })
  return {
    get pending() {
      return batch.pending
    },
    flush: () => batch.forceFlush(),
    drain: () => batch.drain(),
    finish() {
      exporter.stopRetrying()
      return batch.finish()
    },
    abandon: () => batch.abandon(),
    async shutdown(): Promise<void> {
      setLogSink(undefined)
      await batch.shutdown()
      losses.close()
    },
  }
}

/** OTLP/HTTP logs (OTLP 1.11). */
function logFormat(protocol: OtlpProtocol, losses: LossReport): WireFormat<QueuedLine> {
  const isJson = protocol === 'http/json'
  const serializer = isJson ? JsonLogsSerializer : ProtobufLogsSerializer
  return {
    contentType: isJson ? 'application/json' : 'application/x-protobuf',
    serialize: (lines) =>
      serializer.serializeRequest(
        lines.map((line) => toLogRecord(line, line.resource, line.takenMillis)),
      ),
    accepted(answer) {
      const rejected = rejectedBy(() => serializer.deserializeResponse(answer))
      if (rejected > 0) losses.add(rejected, 'the collector refused them')
    },
  }
}

// Whatever a collector answers beside its 2xx status, the lines were taken.
function rejectedBy(
  read: () => { partialSuccess?: { rejectedLogRecords?: unknown } | undefined },
): number {
  try {
    return Number(read().partialSuccess?.rejectedLogRecords ?? 0)
  } catch {
    return 0
  }
}
