import { type TracerProvider, trace } from '@opentelemetry/api'

interface Flushing {
  getDelegate?(): unknown
  forceFlush?(): Promise<unknown>
}

/** Sends every span that has ended so far, where the provider can. Never rejects. */
export async function flushSpans(given: TracerProvider | undefined): Promise<void> {
  try {
    const provider = (given ?? trace.getTracerProvider()) as Flushing
    const actual = (provider.getDelegate?.() ?? provider) as Flushing
    await actual.forceFlush?.()
  } catch {
    // The exporter has said what it lost.
  }
}
