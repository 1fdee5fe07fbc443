import type { ExportResult } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { type ExportFailure, readFailure } from './export-failure.ts'
import { tooLate, untraced } from './send-in-time.ts'

/** The codes of ExportResult, whose package is not loaded for them. */
export const SUCCESS = 0
/** See `SUCCESS`. */
export const FAILED = 1

/** What can wait in a queue and be exported: a span, or something that looks enough like one. */
export type Exportable = Pick<ReadableSpan, 'spanContext'> & Partial<Pick<ReadableSpan, 'resource'>>

/** Where a queue is emptied to; a `SpanExporter` is one. */
export interface Exporter<T> {
  export(items: T[], done: (result: ExportResult) => void): void
  forceFlush?(): Promise<void>
  /** Whether what it was given last has been taken, though the export is not over. */
  hasTaken?(): boolean
  shutdown(): Promise<void>
}

/**
 * Hands spans to an exporter, with tracing suppressed so that its requests make no spans. Resolves to
 * why they were not delivered, undefined if they were, `timeoutMillis` later at most. Never rejects,
 * whatever the exporter does.
 */
export function exportSpans<T extends Exportable>(
  exporter: Exporter<T>,
  spans: T[],
  timeoutMillis: number,
): Promise<ExportFailure | undefined> {
  return new Promise((resolve) => {
    const end = (failure?: ExportFailure): void => {
      clearTimeout(timer)
      resolve(failure)
    }
    const timer = setTimeout(() => end(tooLate(timeoutMillis)), timeoutMillis).unref()
    const fail = (error: unknown): void => end(readFailure(error))
    const finish = (result: unknown): void => {
      try {
        end(readResult(result))
      } catch (error) {
        fail(error)
      }
    }
    // Typed as void, but an async function fits there too, and its rejection is ours to catch.
    const send = (): Promise<unknown> => untraced<unknown>(() => exporter.export(spans, finish))
    // All spans of a provider share its resource.
    const resource = spans[0]?.resource
    const ready = resource?.asyncAttributesPending && resource.waitForAsyncAttributes?.()
    // At once where nothing is waited for: what has been given up must not be sent later.
    const sent = ready ? ready.then(send) : send()
    sent.catch(fail)
  })
}

/**
 * Asks an exporter to send what it holds itself, and waits `timeoutMillis` at most, without keeping
 * the process alive. Never rejects.
 */
export function flushExporter(exporter: Exporter<never>, timeoutMillis: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(end, timeoutMillis).unref()
    // Whatever it says: what it was given counts as delivered.
    untraced<unknown>(() => exporter.forceFlush?.()).then(end, end)
  })
}

function readResult(result: unknown): ExportFailure | undefined {
  if (typeof result !== 'object' || result === null || !('code' in result))
    return { reason: 'the exporter called back without a result' }
  if (result.code === SUCCESS) return undefined
  return readFailure('error' in result ? result.error : undefined)
}
