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
  /** Whether a host is one of ours. */
  readonly isInternal: HostMatcher
  /** Whether a host gets `traceparent` and `tracestate`. */
  readonly sendsTrace: HostMatcher
  /** Whether a host gets identity and baggage. */
  readonly sendsIdentity: HostMatcher
}

/** Throws a TypeError for options that are not allowed. */
export function readClientSettings(options: ClientOptions): ClientSettings {
  checkClientOptions(options)
  const isOurs = remember(isInternalHost)
  const added = createHostMatcher(options.internalHosts ?? [])
  const internal: HostMatcher = (host) => isOurs(host) || added(host)
  const all: HostMatcher = () => true
  const none: HostMatcher = () => false
  const send = options.send ?? {}
  return {
    options,
    isInternal: internal,
    tracer: createTracerSource(options.tracerProvider),
    knownMethods: readKnownMethods(),
    redactQuery: createQueryRedactor(options.redactQuery),
    sendsTrace: sendRule(send.trace ?? 'all', { all, internal, none }),
    sendsIdentity: sendRule(send.identity ?? 'internal', { internal, none }),
  }
}

const MAX_KEPT_HOSTS = 64

// Most calls go where others went before, and what the name alone decides does not change.
function remember(matches: HostMatcher): HostMatcher {
  const answers = new Map<string, boolean>()
  return (host) => {
    const known = answers.get(host)
    if (known !== undefined) return known
    if (answers.size >= MAX_KEPT_HOSTS) answers.clear()
    const answer = matches(host)
    answers.set(host, answer)
    return answer
  }
}
