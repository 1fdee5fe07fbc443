import { context } from '@opentelemetry/api'
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql'
import { Kind } from 'graphql'
import { type Operation, startOperation } from '../operation/operation.ts'
import type { GraphqlOptions } from '../operation/options.ts'
import { followed, isAsyncIterable } from './followed.ts'
import { keepOperation } from './operations.ts'

type Subscribe = GraphQLFieldResolver<unknown, unknown>

/**
 * The same source of events, from which on a subscription has a span: it ends with the source, when
 * the reader leaves, or when there is none. Its events are resolved in the context of that span.
 */
export function tracedSubscribe(subscribe: Subscribe, options: GraphqlOptions): Subscribe {
  function traced(this: unknown, ...args: Parameters<Subscribe>): unknown {
    const [, , contextValue, info] = args
    const operation = startOperation(askedBy(contextValue, info), options)
    if (operation === undefined) return Reflect.apply(subscribe, this, args)
    keepOperation(contextValue, operation)
    keepOperation(info.operation, operation)
    return begin(operation, () => Reflect.apply(subscribe, this, args))
  }
  return Object.assign(traced, subscribe)
}

function askedBy(
  contextValue: unknown,
  info: GraphQLResolveInfo,
): Parameters<typeof startOperation>[0] {
  const { operation, fragments } = info
  const definitions = [operation, ...Object.values(fragments)].filter((each) => each !== undefined)
  return { document: { kind: Kind.DOCUMENT, definitions }, definition: operation, contextValue }
}

function begin(operation: Operation, subscribe: () => unknown): unknown {
  const fail = (error: unknown): never => {
    operation.endSubscription({ error })
    throw error
  }
  const follow = (source: unknown): unknown => {
    if (!isAsyncIterable(source)) {
      operation.endSubscription(source instanceof Error ? { error: source } : undefined)
      return source
    }
    return followed(source, {
      within: operation.context,
      each: () => operation.event(),
      end: (thrown) => operation.endSubscription(thrown),
    })
  }
  try {
    const source: unknown = context.with(operation.context, subscribe)
    return isThenable(source) ? source.then(follow, fail) : follow(source)
  } catch (error) {
    return fail(error)
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
