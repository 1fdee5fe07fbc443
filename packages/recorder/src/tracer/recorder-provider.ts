import type { Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api'
import type { SpanRecord } from '../otlp/ended-span.ts'
import { completeLimits, type SpanLimits } from '../rules/limits.ts'
import { createRandomIds } from '../rules/random-ids.ts'
import { RecorderTracer } from './recorder-tracer.ts'
import { alwaysOn, parentBased, type Sampler } from './samplers.ts'

/** Who gets the spans that have ended and are to be sent; a `SpanQueue` is one. */
export interface SpanSink {
  /** Gets each span that has ended, if it is sampled. */
  add(span: SpanRecord): unknown
  /** Told of each recorded span when it begins, sampled or not. */
  start?(span: SpanRecord): unknown
  /** Told of each recorded span that has ended and is not sampled. */
  leave?(span: SpanRecord): unknown
}

/** What a recorder records, and for whom. */
export interface RecorderProviderOptions {
  /** Gets each span when it ends, if it is sampled. */
  readonly sink: SpanSink
  /** Which spans are recorded. Default: all, unless the parent was not sampled. */
  readonly sampler?: Sampler
  /** How much a span holds. Default: those of `SpanLimits`. */
  readonly limits?: SpanLimits
}

/** Makes tracers: give it to `trace.setGlobalTracerProvider` of OpenTelemetry's API. */
export interface RecorderProvider extends TracerProvider {
  getTracer(name: string, version?: string, options?: TracerOptions): Tracer
}

/** A tracer provider whose spans are records. */
export function createRecorderProvider(options: RecorderProviderOptions): RecorderProvider {
  const { sink } = options
  const shared = {
    sampler: options.sampler ?? parentBased({ root: alwaysOn }),
    limits: completeLimits(options.limits),
    ids: createRandomIds(),
    onStart: sink.start?.bind(sink),
    onEnd: (span: SpanRecord): void => {
      if (((span.spanContext().traceFlags ?? 0) & 1) === 1) sink.add(span)
      else sink.leave?.(span)
    },
  }
  const tracers = new Map<string, Tracer>()
  return {
    getTracer(name, version, { schemaUrl } = {}) {
      const key = `${name}@${version || ''}:${schemaUrl || ''}`
      const known = tracers.get(key)
      if (known !== undefined) return known
      const tracer = new RecorderTracer({ name, version, schemaUrl }, shared)
      tracers.set(key, tracer)
      return tracer
    },
  }
}
