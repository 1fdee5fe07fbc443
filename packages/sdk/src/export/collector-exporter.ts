import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { HttpTransportOptions } from '../config/collectors.ts'
import { VERSION } from '../config/version.ts'
import { describeFailure } from './collector-failure.ts'
import { toExportError } from './export-failure.ts'
import type { Exporter } from './export-spans.ts'
import { createHttpTransport } from './http-transport.ts'

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
  accepted(answer: Uint8Array, count: number): void
}

// OTLP, "User Agent": at least the exporter, its language and its version.
const USER_AGENT = `Callchain-Exporter-JavaScript/${VERSION}`

/** An exporter that posts in `format`; the error of its result says why, in a sentence. */
export function createCollectorExporter<T = ReadableSpan>(
  format: WireFormat<T>,
  options: HttpTransportOptions,
): CollectorExporter<T> {
  const headers = {
    'user-agent': USER_AGENT,
    ...options.headers,
    'content-type': format.contentType,
  }
  const transport = createHttpTransport({ ...options, headers })

  const send = async (items: T[]): Promise<ExportResult> => {
    const body = format.serialize(items)
    if (body === undefined) return { code: ExportResultCode.SUCCESS }
    const answer = await transport.post(body)
    if (answer instanceof Uint8Array) {
      format.accepted(answer, items.length)
      return { code: ExportResultCode.SUCCESS }
    }
    const { error, refused, retryAfterMillis } = answer
    const reason = describeFailure(options.url, error)
    const failure = { reason, refused, ...(retryAfterMillis !== undefined && { retryAfterMillis }) }
    return { code: ExportResultCode.FAILED, error: toExportError(failure) }
  }

  return {
    export(items: T[], done: (result: ExportResult) => void): void {
      // It never left the house: the next items may well be sent.
      const unsent = (error: Error): ExportResult => {
        const reason = `they cannot be encoded for the collector (${error.message})`
        return { code: ExportResultCode.FAILED, error: toExportError({ reason, refused: true }) }
      }
      send(items).catch(unsent).then(done)
    },
    hasTaken: () => transport.hasTaken(),
    stopRetrying: () => transport.stopRetrying(),
    async shutdown(): Promise<void> {
      transport.close()
    },
  }
}
