import type { EndedSpan } from '@callchain/recorder'
import type { Attributes } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import {
  readOtlpCollector,
  readOtlpProtocol,
  readZipkinCollector,
  TRACES,
} from '../config/collectors.ts'
import type { Environment } from '../config/environment.ts'
import type { BatchLimits } from '../config/limits.ts'
import type { ExporterName, StartTracingOptions } from '../config/options.ts'
import { type ConsoleTree, createConsoleTree } from '../console/console-tree.ts'
import type { LossReport } from '../report/loss-report.ts'
import { countRejections } from '../report/rejections.ts'
import { createBatchProcessor } from './batch-processor.ts'
import type { BatchProcessor } from './batch-processor-type.ts'
import { createChunkProcessor } from './chunk-processor.ts'
import { createCollector } from './collector.ts'
import { type CollectorExporter, createCollectorExporter } from './collector-exporter.ts'
import { estimateSpan } from './estimate-bytes.ts'
import { createOtlpCollector } from './otlp-collector.ts'
import { otlpAnswerReader, otlpFormat } from './otlp-exporter.ts'
import { otlpExporterType, type Pipeline } from './pipeline.ts'
import { zipkinFormat } from './zipkin-exporter.ts'

/** Where spans go: a name, or an exporter of the application's. */
export type Destination = ExporterName | SpanExporter

/** What an output is made of. */
export interface ExportSettings {
  readonly options: StartTracingOptions
  readonly environment: Environment
  readonly limits: BatchLimits
  readonly losses: LossReport
  /** The attributes of the process where our recorder makes the spans: it encodes them for OTLP, too. */
  readonly recorded: Attributes | undefined
}

/** What takes spans for one destination: an encoder, a processor or a tree. */
export interface Output {
  /** Takes spans as the recorder has them. */
  readonly encoder?: BatchProcessor<EndedSpan>
  /** Takes spans as OpenTelemetry's SDK has them. */
  readonly processor?: BatchProcessor
  readonly tree?: ConsoleTree
  /** The queue of those that have one. */
  readonly pipeline?: Pipeline
  /** From now on, what fails is not tried again. */
  stopRetrying?(): void
}

/** The output for one destination. */
export function createOutput(wanted: Destination, settings: ExportSettings): Output {
  if (wanted === 'none') return {}
  if (wanted === 'console') return { tree: createConsoleTree(process.stderr) }
  if (wanted === 'otlp') return otlpOutput(settings)
  if (wanted !== 'zipkin') return exporterOutput(wanted, settings, { exporterType: nameOf(wanted) })
  const where = readZipkinCollector(settings.options, settings.environment)
  const { contentType, accepted } = zipkinFormat
  const server = createCollector(where, contentType, accepted)
  const exporter = createCollectorExporter(zipkinFormat, server)
  return collectorOutput(exporter, settings, {
    exporterType: 'zipkin_http_span_exporter',
    url: where.url,
  })
}

function otlpOutput(settings: ExportSettings): Output {
  const { options, environment, limits, losses, recorded } = settings
  const protocol = readOtlpProtocol(options, environment)
  const where = readOtlpCollector(options, environment)
  const rejections = countRejections(losses)
  const accepted = otlpAnswerReader(protocol, rejections)
  const exporterType = otlpExporterType(protocol, 'span')
  const names = { exporterType, url: where.url, rejections }
  const collector = createOtlpCollector(protocol, TRACES, where, accepted)
  if (recorded === undefined || protocol === 'http/json') {
    const format = otlpFormat(protocol, rejections)
    return collectorOutput(createCollectorExporter(format, collector), settings, names)
  }
  const encoder = createChunkProcessor(collector, limits, losses, recorded)
  return {
    encoder,
    pipeline: toPipeline(encoder, names),
    stopRetrying: () => collector.stopRetrying(),
  }
}

/** What metrics say of an exporter. */
type ExporterNames = Pick<Pipeline, 'exporterType'> & Partial<Pipeline>

function toPipeline({ counts }: BatchProcessor<never>, names: ExporterNames): Pipeline {
  return { signal: 'span', url: undefined, rejections: undefined, counts, ...names }
}

function collectorOutput(
  exporter: CollectorExporter,
  settings: ExportSettings,
  names: ExporterNames,
): Output {
  const output = exporterOutput(exporter, settings, names)
  return { ...output, stopRetrying: () => exporter.stopRetrying() }
}

function exporterOutput(
  exporter: SpanExporter,
  { limits, losses }: ExportSettings,
  names: ExporterNames,
): Output {
  const processor = createBatchProcessor(exporter, limits, losses, estimateSpan)
  return { processor, pipeline: toPipeline(processor, names) }
}

/** The conventions ask for the name of the class. */
function nameOf(exporter: SpanExporter): string {
  return exporter.constructor?.name || 'exporter'
}
