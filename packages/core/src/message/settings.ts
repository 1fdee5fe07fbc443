import type { Tracer } from '@opentelemetry/api'
import { createTracerSource } from '../otel/current-tracer.ts'
import { guard } from '../otel/guard.ts'
import { createFormatSource, type HeaderFormat } from '../propagation/header-format.ts'
import { checkMessageOptions, type MessageOptions } from './options.ts'

/** The options of a wrapper, checked, with every default filled in, worked out once. */
export interface MessageSettings {
  readonly options: MessageOptions
  readonly tracer: () => Tracer
  readonly format: () => HeaderFormat
  readonly sendsTrace: boolean
  readonly sendsIdentity: boolean
}

/** Throws a TypeError for options that are not allowed. */
export function readMessageSettings(options: MessageOptions): MessageSettings {
  checkMessageOptions(options)
  const { trace = 'all', identity = 'all' } = options.send ?? {}
  return {
    options,
    tracer: createTracerSource(options.tracerProvider),
    format: createFormatSource(options.propagator, options.tracerProvider),
    sendsTrace: trace === 'all',
    sendsIdentity: identity === 'all',
  }
}

/** Whether the application does not want a destination traced. */
export function isIgnored({ options }: MessageSettings, destination: string | undefined): boolean {
  if (options.ignore === undefined || destination === undefined) return false
  return guard('ignore', () => options.ignore?.(destination)) === true
}
