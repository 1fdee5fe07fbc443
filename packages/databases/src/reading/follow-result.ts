import { types } from 'node:util'
import { context, diag } from '@opentelemetry/api'
import { isThenable } from '../driver/settle.ts'
import { overrideMethod } from '../driver/traced.ts'
import { type Following, fail } from './following.ts'
import { followIterated, isIterated, iterating } from './iterator.ts'
import { LazyPromise } from './lazy-promise.ts'
import { followStream, isStream } from './stream.ts'
import { followWebStream, isWebStream } from './web-stream.ts'

/** What the application gets for the result of its function; the statement ends with that. */
export function followResult(result: unknown, following: Following): unknown {
  if (isPromise(result)) return settled(result, following)
  if (isAwaitable(result)) return lazily(result, following)
  followReading(result, following)
  return result
}

/** The same when nothing is traced. */
export function untracedResult(result: unknown): unknown {
  if (isPromise(result) || !isAwaitable(result)) return result
  return lazily(result, { within: context.active(), end: () => {} })
}

// A promise is settling already: handling it does not run the statement.
function isPromise(result: unknown): result is Promise<unknown> {
  if (!types.isPromise(result)) return false
  return result.then === Promise.prototype.then || NATIVE.test(String(result.then))
}

const NATIVE = /\{\s*\[native code\]\s*\}\s*$/

function isAwaitable(result: unknown): result is PromiseLike<unknown> {
  try {
    return isThenable(result)
  } catch {
    return false
  }
}

function settled(promise: PromiseLike<unknown>, following: Following): PromiseLike<unknown> {
  return promise.then(
    (value) => {
      followReading(value, following)
      return value
    },
    (error: unknown) => {
      fail(following, error)
      throw error
    },
  )
}

function lazily(thenable: PromiseLike<unknown>, following: Following): LazyPromise {
  const { within } = following
  const ask = () =>
    new Promise((resolve, reject) => context.with(within, () => thenable.then(resolve, reject)))
  const lazy = LazyPromise.of(() => settled(ask(), following))
  const source: unknown = thenable
  if (isIterated(source)) {
    overrideMethod(lazy, Symbol.asyncIterator, iterating(source, following))
  }
  return lazy
}

function followReading(result: unknown, following: Following): void {
  try {
    if (isStream(result)) followStream(result, following)
    else if (isWebStream(result)) followWebStream(result, following)
    else if (isIterated(result)) followIterated(result, following)
    else following.end()
  } catch (error) {
    // A result that is frozen, or whose properties all throw.
    diag.debug('callchain: the reading of a result cannot be followed', error)
    following.end()
  }
}
