import type { EndedSpan } from '@callchain/recorder'
import type { Environment } from '../config/environment.ts'
import { EXPORTER_NAMES } from '../config/exporter-names.ts'
import type { ExporterName, StartTracingOptions } from '../config/options.ts'
import type { ConsoleTree } from '../console/console-tree.ts'
import type { BatchProcessor } from './batch-processor-type.ts'
import { createOutput, type Destination, type ExportSettings } from './output.ts'
import type { Pipeline } from './pipeline.ts'

/** What sends spans away, and what an ending process does with it. */
export interface Exporters {
  /** What takes spans as OpenTelemetry's SDK has them. */
  readonly processors: readonly (BatchProcessor | ConsoleTree)[]
  /** What takes spans as the recorder has them. */
  readonly encoders: readonly BatchProcessor<EndedSpan>[]
  /** The queues of spans, for metrics. */
  readonly pipelines: readonly Pipeline[]
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

/** Makes the exporters for `destinations`. */
export function createExporters(
  destinations: readonly Destination[],
  settings: ExportSettings,
): Exporters {
  const outputs = destinations.map((wanted) => createOutput(wanted, settings))
  const trees = outputs.flatMap(({ tree = [] }) => tree)
  const encoders = outputs.flatMap(({ encoder = [] }) => encoder)
  const processors = outputs.flatMap(({ processor = [] }) => processor)
  const batches = [...encoders, ...processors]
  const stopRetrying = (): void => {
    for (const output of outputs) output.stopRetrying?.()
  }
  const print = (): void => {
    for (const tree of trees) tree.printAll()
  }
  return {
    processors: [...processors, ...trees],
    encoders,
    pipelines: outputs.flatMap(({ pipeline = [] }) => pipeline),
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

/** Where the options, else `OTEL_TRACES_EXPORTER`, want spans. */
export function readDestinations(
  { exporter }: StartTracingOptions,
  environment: Environment,
): readonly Destination[] {
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
