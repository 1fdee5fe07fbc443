import type { Attributes, Context } from '@opentelemetry/api'
import { offeredScope } from '../context/scope.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'

/**
 * Takes over the identity that the global propagator has read, when another tracer opens the CONSUMER
 * span of the message that it came with: `tenant.get()` gives it from then on. Returns what the span
 * shows of it; `undefined` where there is none.
 */
export function adoptOffered(parent: Context): Attributes | undefined {
  const offered = offeredScope(parent)
  if (offered === undefined) return undefined
  offered.isAdopted = true
  const attributes: Attributes = {}
  addIdentityAttributes(attributes, offered.scope, 'server')
  return attributes
}
