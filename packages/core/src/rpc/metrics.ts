import type { Attributes, Histogram } from '@opentelemetry/api'
import * as key from '../http/attributes.ts'
import { createDurationSource, DURATION_BUCKETS } from '../otel/duration-histogram.ts'
import type { RpcMethod } from './exchange.ts'

/** `rpc.server.call.duration` of the current meter provider; `undefined` when none is registered. */
export const serverCallDuration: () => Histogram | undefined = createDurationSource({
  name: 'rpc.server.call.duration',
  description: 'Measures the duration of an incoming Remote Procedure Call (RPC).',
  buckets: DURATION_BUCKETS,
})

/** `rpc.client.call.duration` of the current meter provider; `undefined` when none is registered. */
export const clientCallDuration: () => Histogram | undefined = createDurationSource({
  name: 'rpc.client.call.duration',
  description: 'Measures the duration of an outgoing Remote Procedure Call (RPC).',
  buckets: DURATION_BUCKETS,
})

/** What spans and metrics of both sides say of a call. */
export function methodAttributes({ system, method }: RpcMethod): Attributes {
  return { [key.RPC_SYSTEM_NAME]: system, [key.RPC_METHOD]: method }
}

/** What spans and metrics of both sides say of how it ended. */
export function outcomeAttributes(
  status: string | undefined,
  failure: string | undefined,
): Attributes {
  const attributes: Attributes = {}
  if (status !== undefined) attributes[key.RPC_RESPONSE_STATUS_CODE] = status
  if (failure !== undefined) attributes[key.ERROR_TYPE] = failure
  return attributes
}
