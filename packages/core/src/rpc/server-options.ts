import type { Attributes, Span, TextMapPropagator, TracerProvider } from '@opentelemetry/api'
import { checkOptions, type OptionRules } from '../otel/check-options.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import {
  FLAG,
  FUNCTION,
  NAMES,
  oneOf,
  PROPAGATOR,
  SYNC_FUNCTION,
  TRACER_PROVIDER,
} from '../otel/option-rules.ts'
import type { ArrivalSettings } from '../server/arrival.ts'
import type { EdgeOption } from '../server/options.ts'
import type { ServerSettings } from '../server/settings.ts'
import { TRUST, type TrustOption } from '../trust/trust.ts'

/** Options of servers of remote procedure calls; `Request` is what their hooks are called with. */
export interface RpcServerOptions<Request = unknown> {
  /**
   * Whose metadata is believed, as `trust` of `tracing()` for HTTP: `'auto'`, `'internal'`, `'edge'` or
   * a function that decides for each call. Default: `'auto'`.
   */
  trust?: TrustOption<Request>
  /**
   * The trace of a caller on the edge: `'link'` starts a new trace and links to it, `'join'` keeps
   * its trace id but decides sampling here, `'ignore'` drops it. Default: `'link'`.
   */
  edge?: EdgeOption
  /** Whether a call is left out, with everything that it causes: health checks. Default: none is. */
  ignore?(request: Request): boolean
  /** Metadata of requests to record, by name; never `authorization` or `cookie` unless named. Default: none. */
  requestMetadata?: readonly string[]
  /** Metadata of responses to record, by name. Default: none. */
  responseMetadata?: readonly string[]
  /** Whether a call counts in `rpc.server.call.duration`; return false for long streams. Default: all do. */
  recordDuration?(request: Request): boolean
  /** Attributes for the SERVER span, from the call as it comes in. Default: none. */
  attributes?(request: Request): Attributes | undefined
  /** Called before the SERVER span ends, with the status that was sent: `NOT_FOUND`. Default: nothing. */
  onEnd?(span: Span, request: Request, status: string | undefined): void
  /**
   * Whether lines that traced loggers (`@callchain/logs`) write at level error and above are recorded
   * as `log` events of the span they were logged in, with their message. Default: false.
   */
  errorLogs?: boolean
  /** Another format for the trace context, such as B3. Default: the global one if it has other headers than W3C's, else W3C. */
  propagator?: TextMapPropagator
  /** Whose tracer makes the SERVER spans. Default: the global one. */
  tracerProvider?: TracerProvider
}

const RULES: OptionRules<RpcServerOptions> = {
  trust: TRUST,
  edge: oneOf(['link', 'join', 'ignore']),
  ignore: SYNC_FUNCTION,
  requestMetadata: NAMES,
  responseMetadata: NAMES,
  recordDuration: SYNC_FUNCTION,
  attributes: SYNC_FUNCTION,
  onEnd: FUNCTION,
  errorLogs: FLAG,
  propagator: PROPAGATOR,
  tracerProvider: TRACER_PROVIDER,
}

/** The options, checked, with every default filled in, worked out once. */
export interface RpcServerSettings extends ArrivalSettings {
  readonly options: RpcServerOptions
  readonly tracer: ServerSettings['tracer']
  readonly requestMetadata: readonly string[]
  readonly responseMetadata: readonly string[]
}

/** Throws a TypeError for options that are not allowed. */
export function readRpcServerSettings(options: RpcServerOptions): RpcServerSettings {
  checkOptions('an RPC server', options, RULES)
  return {
    options,
    tracer: createTracerSource(options.tracerProvider),
    trust: options.trust ?? 'auto',
    edge: options.edge ?? 'link',
    requestMetadata: (options.requestMetadata ?? []).map((name) => name.toLowerCase()),
    responseMetadata: (options.responseMetadata ?? []).map((name) => name.toLowerCase()),
  }
}
