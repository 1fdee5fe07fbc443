import { context } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** What can wait in a queue and be exported: a span, or something that looks enough like one. */
export type Exportable = Pick<ReadableSpan, 'resource' | 'spanContext'>

/** Where a queue is emptied to; a `SpanExporter` is one. */
export interface Exporter<T> {
  export(items: T[], done: (result: ExportResult) => void): void
  shutdown(): Promise<void>
}

/**
 * Hands spans to an exporter, with tracing suppressed so that its requests make no spans. Resolves to
 * why they were not delivered, undefined if they were, `timeoutMillis` later at most. Never rejects.
 */
export function exportSpans<T extends Exportable>(
  exporter: Exporter<T>,
  spans: T[],
  timeoutMillis: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const late = (): void => resolve(`the exporter did not finish in ${timeoutMillis} ms`)
    const timer = setTimeout(late, timeoutMillis).unref()
    const finish = ({ code, error }: ExportResult): void => {
      clearTimeout(timer)
      const failed = code !== ExportResultCode.SUCCESS
      resolve(failed ? (error?.message ?? 'the exporter failed') : undefined)
    }
    const send = (): void => {
      context.with(suppressTracing(context.active()), () => exporter.export(spans, finish))
    }
    const fail = (error: Error): void => finish({ code: ExportResultCode.FAILED, error })
    settledResource(spans).then(send).catch(fail)
  })
}

async function settledResource(spans: readonly Exportable[]): Promise<void> {
  // All spans of a provider share its resource.
  const resource = spans[0]?.resource
  if (resource?.asyncAttributesPending) await resource.waitForAsyncAttributes?.()
}
