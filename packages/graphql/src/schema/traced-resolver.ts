import { types } from 'node:util'
import { context } from '@opentelemetry/api'
import type { GraphQLFieldResolver } from 'graphql'
import type { Operation } from '../operation/operation.ts'
import { operationOf } from './operations.ts'

type Resolver = GraphQLFieldResolver<unknown, unknown>

/** The same resolver in the context of its operation, which hears of it when it is slow or fails. */
export function tracedResolver(field: string, resolve: Resolver): Resolver {
  function traced(this: unknown, ...args: Parameters<Resolver>): unknown {
    const operation = operationOf(args[2], args[3])
    if (operation === undefined) return Reflect.apply(resolve, this, args)
    const startedAt = performance.now()
    try {
      const active = context.active()
      const within = operation.contextIn(active)
      const result =
        within === active
          ? call(resolve, this, args)
          : context.with(within, call, undefined, resolve, this, args)
      return watch(operation, field, startedAt, result)
    } catch (error) {
      operation.failed(field, startedAt, error)
      throw error
    }
  }
  return Object.assign(traced, resolve)
}

// A lazy thenable, such as a query that is not sent yet, is asked once, and here.
function call(resolve: Resolver, self: unknown, args: Parameters<Resolver>): unknown {
  const result: unknown = Reflect.apply(resolve, self, args)
  return isThenable(result) && !types.isPromise(result) ? Promise.resolve(result) : result
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

// GraphQL itself takes care of a rejection; it gets the promise that the resolver gave.
function watch(operation: Operation, field: string, startedAt: number, result: unknown): unknown {
  if (types.isPromise(result)) {
    result.then(
      (value) => settle(operation, field, startedAt, value),
      (error: unknown) => operation.failed(field, startedAt, error),
    )
  } else settle(operation, field, startedAt, result)
  return result
}

// An error that is returned counts as thrown.
function settle(operation: Operation, field: string, startedAt: number, value: unknown): void {
  if (value instanceof Error) operation.failed(field, startedAt, value)
  else operation.resolved(field, startedAt)
}
