import { propagation, type TextMapPropagator, type TracerProvider } from '@opentelemetry/api'
import { ensureContextManager } from '../context/fallback-context-manager.ts'
import { sdkTraits } from '../otel/sdk-traits.ts'

/** What is read off requests and written on them. */
export interface HeaderFormat {
  /** Another format for the trace than W3C's; `undefined` where our own codecs do. */
  readonly foreign: TextMapPropagator | undefined
  /** Whether a trace is read and written at all. */
  readonly trace: boolean
  /** Whether identity and baggage are. */
  readonly baggage: boolean
}

const W3C_HEADERS = new Set(['traceparent', 'tracestate', 'baggage'])

/** Gives the format, worked out once, and again when an SDK of ours has been started or stopped since. */
export function createFormatSource(
  given: TextMapPropagator | undefined,
  provider: TracerProvider | undefined,
): () => HeaderFormat {
  let format: HeaderFormat | undefined
  let traits: unknown
  return () => {
    const current = sdkTraits()
    if (format === undefined || traits !== current) {
      ensureContextManager(provider !== undefined)
      traits = current
      format = headerFormat(given)
    }
    return format
  }
}

/**
 * The format of a propagator that was given, or else of the global one. Where that speaks W3C's, our
 * own codecs do it in its place: they follow Level 2 to the letter, and cost less. Without a global
 * one, W3C's trace context and baggage.
 */
function headerFormat(given: TextMapPropagator | undefined): HeaderFormat {
  const { foreign, fields } = speak(given ?? propagation)
  if (given !== undefined) return { foreign, trace: true, baggage: true }
  if (fields.length === 0) {
    const all = sdkTraits().propagatesNothing !== true
    return { foreign: undefined, trace: all, baggage: all }
  }
  return {
    foreign,
    trace: foreign !== undefined || fields.includes('traceparent'),
    baggage: fields.includes('baggage'),
  }
}

function speak(propagator: TextMapPropagator): {
  foreign: TextMapPropagator | undefined
  fields: readonly string[]
} {
  const fields = propagator.fields().map((field) => field.toLowerCase())
  return {
    fields,
    foreign: fields.every((field) => W3C_HEADERS.has(field)) ? undefined : propagator,
  }
}
