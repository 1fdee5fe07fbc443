import { context } from '@opentelemetry/api'
import type { ExecutionArgs } from 'graphql'
import type { AnsweredError } from '../operation/answered-error.ts'
import { operationIn } from '../operation/document.ts'
import { type Operation, startOperation } from '../operation/operation.ts'
import { checkGraphqlOptions, type GraphqlOptions } from '../operation/options.ts'
import { followed, isAsyncIterable } from './followed.ts'
import { keepOperation } from './operations.ts'
import { traceResolvers } from './trace-schema.ts'

/** `execute` of `graphql`, or a function of its shape. */
export type Execute<Result> = (args: ExecutionArgs) => Result

interface Answer {
  readonly errors?: readonly AnsweredError[]
  /** Where the answer comes in parts, as graphql 17 has them. */
  readonly initialResult?: { readonly errors?: readonly AnsweredError[] }
  readonly subsequentResults?: AsyncIterable<Later>
}

interface Later {
  readonly errors?: readonly AnsweredError[]
  readonly incremental?: readonly { readonly errors?: readonly AnsweredError[] }[]
  /** Parts that are over; one that failed as a whole has its errors here alone. */
  readonly completed?: readonly { readonly errors?: readonly AnsweredError[] }[]
}

/**
 * Traces `execute` of `graphql`, or any function of its shape, and returns one that does the same: each
 * operation has a span, INTERNAL, in whose context it is executed. For servers that let you hand it over:
 * graphql-ws, graphql-http, Helix. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceExecution } from '@callchain/graphql'
 * import { execute } from 'graphql'
 * import { createHandler } from 'graphql-http/lib/use/http'
 *
 * const handler = createHandler({ schema, execute: traceExecution(execute) })
 * ```
 */
export function traceExecution<Result>(
  execute: Execute<Result>,
  options: GraphqlOptions = {},
): Execute<Result> {
  checkGraphqlOptions('traceExecution()', options)
  return tracedExecution(execute, options)
}

/** The same with options that were checked. */
export function tracedExecution<Result>(
  execute: Execute<Result>,
  options: GraphqlOptions,
): Execute<Result> {
  return (args) => {
    const { schema, document, contextValue, operationName } = args
    traceResolvers(schema, options)
    const definition = operationIn(document, operationName)
    // It fails before anything is resolved.
    const operation =
      definition === undefined
        ? undefined
        : startOperation({ document, definition, contextValue }, options)
    if (operation === undefined) return execute(args)
    keepOperation(contextValue, operation)
    return run(operation, () => execute(args))
  }
}

function run<Result>(operation: Operation, execute: () => Result): Result {
  const fail = (error: unknown): never => {
    operation.end([{ message: '', path: [], originalError: error }])
    throw error
  }
  try {
    const result = context.with(operation.context, execute)
    if (!isThenable(result)) return ended(operation, result)
    return result.then((answer) => ended(operation, answer), fail) as Result
  } catch (error) {
    return fail(error)
  }
}

// What is deferred or streamed comes after the first part of the answer, or in place of it.
function ended<Result>(operation: Operation, result: Result): Result {
  if (isAsyncIterable<Later>(result)) return following(operation, [], result) as Result
  const { initialResult, subsequentResults, ...answer } = (result ?? {}) as Answer
  const errors = answer.errors ?? initialResult?.errors ?? []
  if (!isAsyncIterable(subsequentResults)) {
    operation.end(errors)
    return result
  }
  return { ...result, subsequentResults: following(operation, errors, subsequentResults) }
}

function following(
  operation: Operation,
  first: readonly AnsweredError[],
  later: AsyncIterable<Later>,
): AsyncIterable<Later> {
  const errors = [...first]
  return followed(later, {
    within: operation.context,
    each: (value) => {
      errors.push(...(value.errors ?? []))
      const { incremental = [], completed = [] } = value
      for (const part of [...incremental, ...completed]) errors.push(...(part.errors ?? []))
    },
    end: () => operation.end(errors),
  })
}

function isThenable<T>(value: T): value is T & PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
