import { context } from '@opentelemetry/api'
import type { GraphQLResolveInfo } from 'graphql'
import { activeOperation, type Operation } from '../operation/operation.ts'

/** The operations that were begun for one object. */
const byObject = new WeakMap<object, readonly Operation[]>()

/**
 * Has resolvers find their operation by an object that they are called with: the application's context,
 * or the operation of the document.
 */
export function keepOperation(object: unknown, operation: Operation): void {
  if (typeof object !== 'object' || object === null) return
  const open = (byObject.get(object) ?? []).filter((each) => each.isOpen)
  byObject.set(object, [...open, operation])
}

/** The operation that a resolver is called for. */
export function operationOf(
  contextValue: unknown,
  info: GraphQLResolveInfo | undefined,
): Operation | undefined {
  return keptFor(contextValue) ?? activeOperation(context.active()) ?? keptFor(info?.operation)
}

function keptFor(object: unknown): Operation | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  const kept = byObject.get(object)
  if (kept === undefined || kept.length === 1) return kept?.[0]
  // One object for several operations that run together tells none of them.
  const [only, another] = kept.filter((each) => each.isOpen)
  return another === undefined ? only : undefined
}
