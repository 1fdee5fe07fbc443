import { type Tracer, type TracerProvider, trace } from '@opentelemetry/api'
import { SCHEMA_URL, VERSION } from './version.ts'

/**
 * Gives our tracer of a provider, or of whichever is the global one when it is asked for: tracing
 * may be stopped and started again, and a tracer of the API keeps to the provider it met first.
 */
export function createTracerSource(given: TracerProvider | undefined): () => Tracer {
  let provider: TracerProvider | undefined
  let tracer: Tracer | undefined
  return () => {
    const current = given ?? trace.getTracerProvider()
    if (tracer === undefined || current !== provider) {
      provider = current
      tracer = current.getTracer('@callchain/core', VERSION, { schemaUrl: SCHEMA_URL })
    }
    return tracer
  }
}
