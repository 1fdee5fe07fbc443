import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { describeFailure } from './collector-failure.ts'
import type { Exporter } from './export-spans.ts'
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts'

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
  /** Told of the body of a 2xx answer. */
  accepted(answer: Uint8Array): void
}

/** An exporter that posts in `format`; the error of its result says why, in a sentence. */
export function createCollectorExporter<T = ReadableSpan>(
  format: WireFormat<T>,
  options: HttpTransportOptions,
): CollectorExporter<T> {
  const headers = { ...options.headers, 'content-type': format.contentType }
  const transport = createHttpTransport({ ...options, headers })

  const send = async (items: T[]): Promise<void> => {
    const body = format.serialize(items)
    if (body !== undefined) format.accepted(await transport.post(body))
  }

  return {
    export(items: T[], done: (result: ExportResult) => void): void {
      const failed = (error: Error): void => {
        done({
          code: ExportResultCode.FAILED,
          error: new Error(describeFailure(options.url, error)),
        })
      }
      send(items).then(() => done({ code: ExportResultCode.SUCCESS }), failed)
    },
    stopRetrying: () => transport.stopRetrying(),
    async shutdown(): Promise<void> {
      transport.close()
    },
  }
}
