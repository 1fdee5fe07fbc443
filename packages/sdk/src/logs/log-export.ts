import { type LogLine, type LogSink, SCHEMA_URL, setLogSink } from '@callchain/core/internal'
import { type Attributes, trace } from '@opentelemetry/api'
import { LOGS, readOtlpCollector, readOtlpProtocol } from '../config/collectors.ts'
import type { Environment } from '../config/environment.ts'
import { readBatchLimits } from '../config/limits.ts'
import { type LogLimits, readLogLimits } from '../config/log-limits.ts'
import type { OtlpProtocol, StartTracingOptions } from '../config/options.ts'
import { createBatchProcessor } from '../export/batch-processor.ts'
import { createCollectorExporter, type WireFormat } from '../export/collector-exporter.ts'
import { estimateLine } from '../export/estimate-bytes.ts'
import { createOtlpCollector } from '../export/otlp-collector.ts'
import { CONTENT_TYPES, otlpAnswerReader } from '../export/otlp-exporter.ts'
import { otlpExporterType, type Pipeline } from '../export/pipeline.ts'
import type { TraceDecider } from '../keep/trace-decider.ts'
import { loadTransformer } from '../lazy/opentelemetry.cts'
import type { Redaction } from '../redact/redaction.ts'
import { createLossReport, type LossReport } from '../report/loss-report.ts'
import { countRejections } from '../report/rejections.ts'
import { warn } from '../report/warning.ts'
import { isUrgent, toLogRecord } from './log-record.ts'

/** The export of log lines, with what an ending process asks of it. */
export interface LogExport {
  /** The queue of lines, for metrics. */
  readonly pipeline: Pipeline
  /** Whether lines wait to be sent. */
  readonly pending: boolean
  flush(): Promise<void>
  /** Sends what is queued, without keeping the process alive. */
  drain(): Promise<void>
  /** As `drain`, but what fails is not tried again. */
  finish(): Promise<void>
  /** Counts what is queued as lost. */
  abandon(reason: string): void
  /** From now on, what is logged is lost as well, and said at once. */
  close(reason: string): void
  /** Says at once what has been lost. */
  sayLosses(): void
  /** Sends what is queued, and accepts nothing more; what fails is not tried again. */
  shutdown(): Promise<void>
}

/** What log records are made of. */
interface RecordParts {
  /** The attributes of the process. */
  readonly resource: Attributes
  readonly redaction: Redaction
  readonly recordLimits: LogLimits
}

/** What their export is made of, besides options and variables. */
export interface LogParts extends Omit<RecordParts, 'recordLimits'> {
  readonly exitTimeoutMillis: number
  /** What decides which traces are kept: their lines follow them. */
  readonly keeper: TraceDecider | undefined
}

/** A line in the queue. Lines are read when they are sent: to log costs the application little. */
interface QueuedLine extends LogLine {
  readonly takenMillis: number
  spanContext(): typeof SAMPLED
}

// The queue skips what is not sampled; lines are sent in any case.
const SAMPLED = { traceId: '', spanId: '', traceFlags: 1 }
/** Of a line that waits, without what it says. */
const LINE_BYTES = 300

let current: LogSink | undefined

/** Starts to send the lines of traced loggers, if the options, else `OTEL_LOGS_EXPORTER`, ask for it. */
export function startLogExport(
  options: StartTracingOptions,
  environment: Environment,
  { exitTimeoutMillis, keeper, ...parts }: LogParts,
): LogExport | undefined {
  // Read in any case: what is malformed is said.
  const ofQueue = readBatchLimits(options.batch ?? {}, environment, 'BLRP')
  const recordLimits = readLogLimits(environment)
  const asked = environment.choice('OTEL_LOGS_EXPORTER', ['otlp', 'none'], 'none')
  if ((options.logs ?? asked) !== 'otlp') return undefined
  const losses = createLossReport(warn, undefined, 'log line')
  const protocol = readOtlpProtocol(options, environment, LOGS)
  const rejections = countRejections(losses)
  const format = logFormat(protocol, rejections, { ...parts, recordLimits })
  const where = readOtlpCollector(options, environment, LOGS)
  const collector = createOtlpCollector(protocol, LOGS, where, format.accepted)
  const exporter = createCollectorExporter(format, collector)
  const limits = { ...ofQueue, exitTimeoutMillis }
  const batch = createBatchProcessor<QueuedLine>(exporter, limits, losses, estimateQueued)
  const sink = createSink((line) => batch.onEnd(line), keeper)
  setLogSink(sink)
  current = sink
  return {
    pipeline: {
      ...{ signal: 'log', url: where.url, counts: batch.counts, rejections },
      exporterType: otlpExporterType(protocol, 'log'),
    },
    get pending() {
      return batch.pending
    },
    flush: () => batch.forceFlush(),
    drain: () => batch.drain(),
    finish() {
      exporter.stopRetrying()
      return batch.finish()
    },
    abandon: (reason) => batch.abandon(reason),
    close(reason) {
      losses.close()
      batch.close(reason)
    },
    sayLosses: () => losses.sayRest(),
    async shutdown(): Promise<void> {
      exporter.stopRetrying()
      // Until then, what is logged is still sent.
      await batch.shutdown()
      // Tracing may have been started again meanwhile.
      if (current === sink) setLogSink(undefined)
    },
  }
}

/** Takes lines; those of a trace that is not decided yet wait for it. */
function createSink(send: (line: QueuedLine) => void, keeper: TraceDecider | undefined): LogSink {
  const spanContext = (): typeof SAMPLED => SAMPLED
  return ({ context, line }) => {
    const queued = { context, line, takenMillis: Date.now(), spanContext }
    const traceId = keeper === undefined ? undefined : trace.getSpanContext(context)?.traceId
    const waits =
      traceId !== undefined &&
      keeper?.addLine(traceId, { isUrgent: () => isUrgent(queued), send: () => send(queued) })
    if (waits !== true) send(queued)
  }
}

/** OTLP/HTTP logs (OTLP 1.11). */
function logFormat(
  protocol: OtlpProtocol,
  losses: LossReport,
  { resource: attributes, redaction, recordLimits }: RecordParts,
): WireFormat<QueuedLine> {
  const { JsonLogsSerializer, ProtobufLogsSerializer } = loadTransformer()
  const serializer = protocol === 'http/json' ? JsonLogsSerializer : ProtobufLogsSerializer
  // One for all lines: they are grouped by it.
  const resource = { attributes, schemaUrl: SCHEMA_URL }
  return {
    contentType: CONTENT_TYPES[protocol],
    serialize: (lines) =>
      serializer.serializeRequest(
        lines.map((line) =>
          toLogRecord(line, {
            resource,
            redaction,
            limits: recordLimits,
            takenMillis: line.takenMillis,
          }),
        ),
      ),
    accepted: otlpAnswerReader(protocol, losses),
  }
}

function estimateQueued({ line }: QueuedLine): number {
  return LINE_BYTES + estimateLine(line)
}
