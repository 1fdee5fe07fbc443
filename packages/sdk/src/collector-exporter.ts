import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { describeFailure } from './collector-failure.ts'
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts'

/** A span exporter that posts to a collector. */
export interface CollectorExporter extends SpanExporter {
  /** From now on, a failed request is not tried again: the process is about to end. */
  stopRetrying(): void
}

/** What a collector understands. */
export interface WireFormat {
  readonly contentType: string
  /** The request's body; undefined when there is nothing to send. */
  serialize(spans: ReadableSpan[]): Uint8Array | undefined
  /** Told of the body of a 2xx answer. */
  accepted(answer: Uint8Array): void
}

/** An exporter that posts spans in `format`; the error of its result says why, in a sentence. */
export function createCollectorExporter(
  format: WireFormat,
  options: HttpTransportOptions,
): CollectorExporter {
  const headers = { ...options.headers, 'content-type': format.contentType }
  const transport = createHttpTransport({ ...options, headers })

  const send = async (spans: ReadableSpan[]): Promise<void> => {
    const body = format.serialize(spans)
    if (body !== undefined) format.accepted(await transport.post(body))
  }

  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
      const failed = (error: Error): void => {
        done({
          code: ExportResultCode.FAILED,
          error: new Error(describeFailure(options.url, error)),
        })
      }
      send(spans).then(() => done({ code: ExportResultCode.SUCCESS }), failed)
    },
    stopRetrying: () => transport.stopRetrying(),
    async shutdown(): Promise<void> {
      transport.close()
    },
  }
}
