import type { ExportResult } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Collector } from './collector.ts'
import { toExportError } from './export-failure.ts'
import { type Exporter, FAILED, SUCCESS } from './export-spans.ts'
import type { AnswerReader } from './partial-success.ts'

/** An exporter that posts to a collector. */
export interface CollectorExporter<T = ReadableSpan> extends Exporter<T> {
  /** From now on, a failed request is not tried again: the process is about to end. */
  stopRetrying(): void
}

/** What a collector understands. */
export interface WireFormat<T = ReadableSpan> {
  readonly contentType: string
  /** The request's body; undefined when there is nothing to send. */
  serialize(items: T[]): Uint8Array | undefined
  /** Told of the body of a 2xx answer to a request with `count` items. */
  readonly accepted: AnswerReader
}

/** An exporter that posts to `collector` in `format`; the error of its result says why, in a sentence. */
export function createCollectorExporter<T = ReadableSpan>(
  format: Pick<WireFormat<T>, 'serialize'>,
  collector: Collector,
): CollectorExporter<T> {
  const send = async (items: T[]): Promise<ExportResult> => {
    const body = format.serialize(items)
    if (body === undefined) return { code: SUCCESS }
    const failure = await collector.post(body, items.length)
    return failure === undefined
      ? { code: SUCCESS }
      : { code: FAILED, error: toExportError(failure) }
  }

  return {
    export(items: T[], done: (result: ExportResult) => void): void {
      // It never left the house: the next items may well be sent.
      const unsent = (error: Error): ExportResult => {
        const reason = `they cannot be encoded for the collector (${error.message})`
        return { code: FAILED, error: toExportError({ reason, refused: true }) }
      }
      send(items).catch(unsent).then(done)
    },
    hasTaken: () => collector.hasTaken(),
    stopRetrying: () => collector.stopRetrying(),
    async shutdown(): Promise<void> {
      collector.close()
    },
  }
}
