import type { Tracer } from '@opentelemetry/api'
import { readKnownMethods } from '../http/known-methods.ts'
import { createQueryRedactor, type QueryRedactor } from '../http/url-redaction.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import { createHostMatcher, type HostMatcher, isInternalHost } from '../trust/host-rules.ts'
import { type ClientOptions, checkClientOptions, sendRule } from './options.ts'

/** The options of a client, checked, with every default filled in, worked out once. */
export interface ClientSettings {
  readonly options: ClientOptions
  readonly tracer: () => Tracer
  readonly knownMethods: ReadonlySet<string>
  readonly redactQuery: QueryRedactor
  /** Whether a host gets `traceparent` and `tracestate`. */
  readonly sendsTrace: HostMatcher
  /** Whether a host gets identity and baggage. */
  readonly sendsIdentity: HostMatcher
}

/** Throws a TypeError for options that are not allowed. */
export function readClientSettings(options: ClientOptions): ClientSettings {
  checkClientOptions(options)
  const isOurs = rememberLast(isInternalHost)
  const added = createHostMatcher(options.internalHosts ?? [])
  const internal: HostMatcher = (host) => isOurs(host) || added(host)
  const all: HostMatcher = () => true
  const none: HostMatcher = () => false
  const send = options.send ?? {}
  return {
    options,
    tracer: createTracerSource(options.tracerProvider),
    knownMethods: readKnownMethods(),
    redactQuery: createQueryRedactor(options.redactQuery),
    sendsTrace: sendRule(send.trace ?? 'all', { all, internal, none }),
    sendsIdentity: sendRule(send.identity ?? 'internal', { internal, none }),
  }
}

// Most calls go where the one before went, and what the name alone decides does not change.
function rememberLast(matches: HostMatcher): HostMatcher {
  let last: string | undefined
  let answer = false
  return (host) => {
    if (host !== last) {
      answer = matches(host)
      last = host
    }
    return answer
  }
}
