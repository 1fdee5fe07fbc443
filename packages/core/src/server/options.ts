import type { Attributes, Span, TextMapPropagator, TracerProvider } from '@opentelemetry/api'
import { checkOptions, type OptionRules } from '../otel/check-options.ts'
import {
  FLAG,
  FUNCTION,
  NAMES,
  oneOf,
  PROPAGATOR,
  SYNC_FUNCTION,
  TRACER_PROVIDER,
} from '../otel/option-rules.ts'
import { TRUST, type TrustOption } from '../trust/trust.ts'

/** What is done with the trace of a caller on the edge. */
export type EdgeOption = 'link' | 'join' | 'ignore'

/** Options of `tracing()`, the same for every framework; `Request` is what its hooks are called with. */
export interface TracingOptions<Request = unknown> {
  /**
   * Whose headers are believed. `'auto'`: callers whose socket and forwarded addresses are all
   * loopback or private are internal, all others are on the edge. `'internal'` and `'edge'` say it
   * for every request, a function for each: it gets the framework's request. Default: `'auto'`.
   */
  trust?: TrustOption<Request>
  /**
   * The trace of a caller on the edge: `'link'` starts a new trace and links to it, `'join'` keeps
   * its trace id but decides sampling here, `'ignore'` drops it. Default: `'link'`.
   */
  edge?: EdgeOption
  /** Whether a request is left out, with everything that it causes; gets the framework's request. Default: none is. */
  ignore?(request: Request): boolean
  /** Names of query parameters to strike out on top of the default ones. Default: none. */
  redactQuery?: readonly string[]
  /** Whether `url.query` is recorded, with secrets struck out. Default: true. */
  recordQuery?: boolean
  /** Request headers to record, by name; never `authorization` or `cookie` unless named. Default: none. */
  requestHeaders?: readonly string[]
  /** Response headers to record, by name. Default: none. */
  responseHeaders?: readonly string[]
  /** The status of a span whose response broke off because the client left. Default: `'error'`. */
  clientAbort?: 'error' | 'unset'
  /** Whether a request counts in `http.server.request.duration`; return false for long streams. Default: all do. */
  recordDuration?(request: Request): boolean
  /** Attributes for the SERVER span, from the framework's request as it comes in. Default: none. */
  attributes?(request: Request): Attributes | undefined
  /** Called before the SERVER span ends, with the status that was sent. Default: nothing. */
  onEnd?(span: Span, request: Request, statusCode: number | undefined): void
  /**
   * Sends the trace back to every caller, as the entry `trace` of the `server-timing` header (Trace Context
   * Level 3, draft): browsers can read it, `trace;desc=00-<trace id>-<span id>-<flags>`. What the application
   * puts into the header stays. Default: false.
   */
  traceResponse?: boolean
  /** Whether `http.server.request.body.size` and `http.server.response.body.size` are recorded. Default: false. */
  bodySizes?: boolean
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

const RULES: OptionRules<TracingOptions> = {
  trust: TRUST,
  edge: oneOf(['link', 'join', 'ignore']),
  ignore: SYNC_FUNCTION,
  redactQuery: NAMES,
  recordQuery: FLAG,
  requestHeaders: NAMES,
  responseHeaders: NAMES,
  clientAbort: oneOf(['error', 'unset']),
  recordDuration: SYNC_FUNCTION,
  attributes: SYNC_FUNCTION,
  onEnd: FUNCTION,
  traceResponse: FLAG,
  bodySizes: FLAG,
  errorLogs: FLAG,
  propagator: PROPAGATOR,
  tracerProvider: TRACER_PROVIDER,
}

/** Checks options at start-up. Throws a TypeError that names the option, the value and what is allowed. */
export function checkTracingOptions(options: TracingOptions): void {
  checkOptions('tracing()', options, RULES)
}
