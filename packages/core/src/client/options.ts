import type { Attributes, TextMapPropagator, TracerProvider } from '@opentelemetry/api'
import type { HttpClientRequest } from '../http/client-exchange.ts'
import { checkOptions, type OptionRules } from '../otel/check-options.ts'
import {
  inside,
  NAMES,
  oneOf,
  PROPAGATOR,
  SYNC_FUNCTION,
  TRACER_PROVIDER,
} from '../otel/option-rules.ts'
import {
  createHostMatcher,
  HOST_RULES,
  type HostMatcher,
  type HostRule,
} from '../trust/host-rules.ts'

/** What is sent where; decided again for each hop of a call. */
export interface SendOptions {
  /** `traceparent` and `tracestate`: to every host, to internal ones, to none, or to these. Default: `'all'`. */
  trace?: 'all' | 'internal' | 'none' | readonly HostRule[]
  /** Identity and baggage: to internal hosts, to none, or to these. Default: `'internal'`. */
  identity?: 'internal' | 'none' | readonly HostRule[]
}

/** Options of the wrappers of HTTP clients. */
export interface ClientOptions {
  /** What is sent where. Default: the trace to every host, identity and baggage to internal ones. */
  send?: SendOptions
  /** Hosts that are internal besides the ones that are by nature: `'api.acme.io'`, `'.acme.io'`. Default: none. */
  internalHosts?: readonly HostRule[]
  /** The template of a URL, `/users/{id}`, for the span's name. Default: none. */
  urlTemplate?: (url: URL, request: HttpClientRequest) => string | undefined
  /** Calls that are not traced, and get no headers. Default: none. */
  ignore?: (url: URL) => boolean
  /** Attributes for the CLIENT span. Default: none. */
  attributes?: (url: URL, request: HttpClientRequest) => Attributes | undefined
  /** Names of query parameters to strike out of `url.full` on top of the default ones. Default: none. */
  redactQuery?: readonly string[]
  /** Another format for the trace context, such as B3. Default: the global one if it has other headers than W3C's, else W3C. */
  propagator?: TextMapPropagator
  /** Whose tracer makes the CLIENT spans. Default: the global one. */
  tracerProvider?: TracerProvider
}

const SEND_RULES: OptionRules<SendOptions> = {
  trace: oneOf(['all', 'internal', 'none'], HOST_RULES),
  identity: oneOf(['internal', 'none'], HOST_RULES),
}

const RULES: OptionRules<ClientOptions> = {
  send: inside(SEND_RULES),
  internalHosts: HOST_RULES,
  urlTemplate: SYNC_FUNCTION,
  ignore: SYNC_FUNCTION,
  attributes: SYNC_FUNCTION,
  redactQuery: NAMES,
  propagator: PROPAGATOR,
  tracerProvider: TRACER_PROVIDER,
}

/** Checks options at start-up. Throws a TypeError that names the option, the value and what is allowed. */
export function checkClientOptions(options: ClientOptions): void {
  checkOptions('an HTTP client', options, RULES)
}

/** Turns one of the `send` options into a question about a host. */
export function sendRule(
  value: string | readonly HostRule[],
  words: Readonly<Record<string, HostMatcher>>,
): HostMatcher {
  if (typeof value !== 'string') return createHostMatcher(value)
  return words[value] ?? (() => false)
}
