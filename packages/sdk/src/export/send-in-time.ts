import { SUPPRESS_TRACING_KEY } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import { type ExportFailure, readFailure } from './export-failure.ts'

/**
 * Sends, with tracing suppressed so that the requests make no spans. Resolves to why it failed,
 * undefined if it did not, `timeoutMillis` later at most, without keeping the process alive. Never
 * rejects.
 */
export function sendInTime(
  send: () => Promise<ExportFailure | undefined>,
  timeoutMillis: number,
): Promise<ExportFailure | undefined> {
  return new Promise((resolve) => {
    const end = (failure?: ExportFailure): void => {
      clearTimeout(timer)
      resolve(failure)
    }
    const timer = setTimeout(() => end(tooLate(timeoutMillis)), timeoutMillis).unref()
    untraced(send).then(end, (error) => end(readFailure(error)))
  })
}

/** What an export that took too long has failed of. */
export function tooLate(timeoutMillis: number): ExportFailure {
  return { reason: `the exporter did not finish within ${timeoutMillis} ms`, type: 'timeout' }
}

/** Runs `work` in a context in which nothing is traced; what it throws becomes a rejection. */
export async function untraced<T>(work: () => T | Promise<T>): Promise<T> {
  return context.with(context.active().setValue(SUPPRESS_TRACING_KEY, true), work)
}
