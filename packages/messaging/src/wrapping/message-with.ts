import type { SentMessage } from '@callchain/core'
import { sentIn } from './record-headers.ts'

/**
 * A message whose headers are this object, for `traceSend`: trace and identity are written into it.
 *
 * @example
 * ```ts
 * const headers: Record<string, string> = {}
 * traceSend({ system: 'mqtt', operation: 'publish', destination: 'orders', messages: [messageWith(headers)] }, () =>
 *   client.publish('orders', payload, { properties: { userProperties: headers } }),
 * )
 * ```
 */
export function messageWith(headers: Record<string, unknown>): SentMessage {
  return sentIn(headers)
}
