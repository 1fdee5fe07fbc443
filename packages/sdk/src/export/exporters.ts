import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace'
import { readOtlpCollector, readOtlpProtocol, readZipkinCollector } from '../config/collectors.ts'
import type { Environment } from '../config/environment.ts'
import { EXPORTER_NAMES } from '../config/exporter-names.ts'
import type { BatchLimits } from '../config/limits.ts'
import type { ExporterName, StartTracingOptions } from '../config/options.ts'
import { type ConsoleTree, createConsoleTree } from '../console/console-tree.ts'
import type { LossReport } from '../report/loss-report.ts'
import { createBatchProcessor } from './batch-processor.ts'
import type { BatchProcessor } from './batch-processor-type.ts'
import { type CollectorExporter, createCollectorExporter } from './collector-exporter.ts'
import { estimateSpan } from './estimate-bytes.ts'
import { otlpFormat } from './otlp-exporter.ts'
import { zipkinFormat } from './zipkin-exporter.ts'

/** The processors that send spans away, and what an ending process does with them. */
export interface Exporters {
  readonly processors: readonly SpanProcessor[]
  /** Whether spans wait to be sent. */
  pending(): boolean
  /** Sends what is queued, without keeping the process alive. */
  drain(): Promise<unknown>
  /** As `drain`, but what fails is not tried again: the process is about to end. */
  finish(): Promise<unknown>
  /** Counts what waits as lost; what waits to be printed is printed. */
  abandon(reason: string): void
  /** From now on, what ends is lost as well, and said at once. */
  close(reason: string): void
  /** From now on, what fails is not tried again. */
  stopRetrying(): void
}

/** Makes the exporters that the options, else `OTEL_TRACES_EXPORTER`, ask for. */
export function createExporters(
  options: StartTracingOptions,
  environment: Environment,
  limits: BatchLimits,
  losses: LossReport,
): Exporters {
  const batches: BatchProcessor[] = []
  const trees: ConsoleTree[] = []
  const collectors: CollectorExporter[] = []
  const addBatch = (exporter: SpanExporter): void => {
    batches.push(createBatchProcessor(exporter, limits, losses, estimateSpan))
  }
  for (const wanted of readNames(options, environment)) {
    if (wanted === 'console') trees.push(createConsoleTree(process.stderr))
    else if (wanted === 'otlp' || wanted === 'zipkin') {
      const exporter = createNamed(wanted, options, environment, losses)
      collectors.push(exporter)
      addBatch(exporter)
    } else if (wanted !== 'none') addBatch(wanted)
  }
  const stopRetrying = (): void => {
    for (const exporter of collectors) exporter.stopRetrying()
  }
  const print = (): void => {
    for (const tree of trees) tree.printAll()
  }
  return {
    processors: [...batches, ...trees],
    pending: () => [...batches, ...trees].some(({ pending }) => pending),
    drain() {
      print()
      return Promise.all(batches.map((batch) => batch.drain()))
    },
    finish() {
      stopRetrying()
      print()
      return Promise.all(batches.map((batch) => batch.finish()))
    },
    abandon(reason) {
      print()
      for (const batch of batches) batch.abandon(reason)
    },
    close(reason) {
      for (const batch of batches) batch.close(reason)
    },
    stopRetrying,
  }
}

function readNames(
  { exporter }: StartTracingOptions,
  environment: Environment,
): readonly (ExporterName | SpanExporter)[] {
  if (exporter !== undefined) return [exporter].flat()
  const words = environment.list('OTEL_TRACES_EXPORTER') ?? ['otlp']
  const names = words.filter((word): word is ExporterName =>
    EXPORTER_NAMES.some((name) => name === word),
  )
  if (names.length === words.length) return [...new Set(names)]
  const allowed = `a list of ${EXPORTER_NAMES.join(', ')}`
  environment.reject('OTEL_TRACES_EXPORTER', words.join(','), allowed, 'otlp')
  return ['otlp']
}

function createNamed(
  name: 'otlp' | 'zipkin',
  options: StartTracingOptions,
  environment: Environment,
  losses: LossReport,
): CollectorExporter {
  if (name === 'zipkin') {
    return createCollectorExporter(zipkinFormat, readZipkinCollector(options, environment))
  }
  const protocol = readOtlpProtocol(options, environment)
  return createCollectorExporter(
    otlpFormat(protocol, losses),
    readOtlpCollector(options, environment),
  )
}
