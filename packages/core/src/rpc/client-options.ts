import type { Attributes, TextMapPropagator, Tracer, TracerProvider } from '@opentelemetry/api'
import type { SendOptions } from '../client/options.ts'
import { readClientSettings } from '../client/settings.ts'
import type { HostSettings } from '../client/write-headers.ts'
import { checkOptions, type OptionRules } from '../otel/check-options.ts'
import {
  inside,
  NAMES,
  oneOf,
  PROPAGATOR,
  SYNC_FUNCTION,
  TRACER_PROVIDER,
} from '../otel/option-rules.ts'
import { HOST_RULES, type HostRule } from '../trust/host-rules.ts'
import type { RpcMethod } from './exchange.ts'

/** Options of clients of remote procedure calls. */
export interface RpcClientOptions {
  /** What is sent where. Default: the trace to every host, identity and baggage to internal ones. */
  send?: SendOptions
  /** Hosts that are internal besides the ones that are by nature: `'api.acme.io'`, `'.acme.io'`. Default: none. */
  internalHosts?: readonly HostRule[]
  /** Calls that are not traced, and get no metadata, by `method`: `'grpc.health.v1.Health/Check'`. Default: none. */
  ignore?(call: RpcMethod): boolean
  /** Metadata of responses to record, by name. Default: none. */
  responseMetadata?: readonly string[]
  /** Attributes for the CLIENT span. Default: none. */
  attributes?(call: RpcMethod): Attributes | undefined
  /** Another format for the trace context, such as B3. Default: the global one if it has other headers than W3C's, else W3C. */
  propagator?: TextMapPropagator
  /** Whose tracer makes the CLIENT spans. Default: the global one. */
  tracerProvider?: TracerProvider
}

const SEND_RULES: OptionRules<SendOptions> = {
  trace: oneOf(['all', 'internal', 'none'], HOST_RULES),
  identity: oneOf(['internal', 'none'], HOST_RULES),
}

const RULES: OptionRules<RpcClientOptions> = {
  send: inside(SEND_RULES),
  internalHosts: HOST_RULES,
  ignore: SYNC_FUNCTION,
  responseMetadata: NAMES,
  attributes: SYNC_FUNCTION,
  propagator: PROPAGATOR,
  tracerProvider: TRACER_PROVIDER,
}

/** The options, checked, with every default filled in, worked out once. */
export interface RpcClientSettings extends HostSettings {
  readonly options: RpcClientOptions
  readonly tracer: () => Tracer
  readonly responseMetadata: readonly string[]
}

/** Throws a TypeError for options that are not allowed. */
export function readRpcClientSettings(options: RpcClientOptions): RpcClientSettings {
  checkOptions('an RPC client', options, RULES)
  const { send, internalHosts, tracerProvider } = options
  const { isInternal, sendsTrace, sendsIdentity, tracer } = readClientSettings({
    ...(send !== undefined && { send }),
    ...(internalHosts !== undefined && { internalHosts }),
    ...(tracerProvider !== undefined && { tracerProvider }),
  })
  return {
    options,
    tracer,
    isInternal,
    sendsTrace,
    sendsIdentity,
    responseMetadata: (options.responseMetadata ?? []).map((name) => name.toLowerCase()),
  }
}
