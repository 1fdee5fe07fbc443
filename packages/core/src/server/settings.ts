import type { TextMapPropagator, Tracer } from '@opentelemetry/api'
import { readKnownMethods } from '../http/known-methods.ts'
import { createQueryRedactor, type QueryRedactor } from '../http/url-redaction.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import type { TrustOption } from '../trust/trust.ts'
import { checkTracingOptions, type EdgeOption, type TracingOptions } from './options.ts'

/** The options of `tracing()`, checked, with every default filled in, worked out once. */
export interface ServerSettings {
  readonly options: TracingOptions
  readonly tracer: () => Tracer
  readonly trust: TrustOption
  readonly edge: EdgeOption
  readonly knownMethods: ReadonlySet<string>
  readonly recordQuery: boolean
  readonly redactQuery: QueryRedactor
  readonly requestHeaders: readonly string[]
  readonly responseHeaders: readonly string[]
  readonly clientAbortIsError: boolean
  readonly propagator: TextMapPropagator | undefined
}

/** Throws a TypeError for options that are not allowed. */
export function readServerSettings(options: TracingOptions): ServerSettings {
  checkTracingOptions(options)
  return {
    options,
    tracer: createTracerSource(options.tracerProvider),
    trust: options.trust ?? 'auto',
    edge: options.edge ?? 'link',
    knownMethods: readKnownMethods(),
    recordQuery: options.recordQuery ?? true,
    redactQuery: createQueryRedactor(options.redactQuery),
    requestHeaders: (options.requestHeaders ?? []).map((name) => name.toLowerCase()),
    responseHeaders: (options.responseHeaders ?? []).map((name) => name.toLowerCase()),
    clientAbortIsError: options.clientAbort !== 'unset',
    propagator: options.propagator,
  }
}
