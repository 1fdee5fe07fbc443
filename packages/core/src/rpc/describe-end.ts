import type { Span } from '@opentelemetry/api'
import * as key from '../http/attributes.ts'
import type { RpcOutcome } from './exchange.ts'

/** Writes on a span of either side how its call ended. Whether it failed is another question. */
export function describeEnd(
  span: Span,
  { status, messages, previousAttempts = 0, header }: RpcOutcome,
  responseMetadata: readonly string[],
): void {
  if (status !== undefined) span.setAttribute(key.RPC_RESPONSE_STATUS_CODE, status)
  if (previousAttempts > 0) span.setAttribute(key.RPC_ATTEMPT, previousAttempts + 1)
  if (messages !== undefined) {
    span.setAttribute(key.RPC_SENT_MESSAGES, messages.sent)
    span.setAttribute(key.RPC_RECEIVED_MESSAGES, messages.received)
  }
  if (header === undefined) return
  for (const name of responseMetadata) {
    const value = header(name)
    if (value !== undefined) span.setAttribute(key.RPC_RESPONSE_METADATA_PREFIX + name, [value])
  }
}
