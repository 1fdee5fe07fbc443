import { type Context, context } from '@opentelemetry/api'

/** Who is told of what becomes of an iterable. */
export interface Following<T> {
  /** Where the iterable is asked for its next value. */
  readonly within: Context
  each(value: T): void
  /** It is over: at its end, by an error, or because nobody asks any more. */
  end(thrown?: { readonly error: unknown }): void
}

/** Whether a value has values that come one after another. */
export function isAsyncIterable<T>(value: unknown): value is AsyncIterable<T> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<AsyncIterable<T>>)[Symbol.asyncIterator] === 'function'
  )
}

/** An iterable with the values of another one, which is followed to its end. */
export function followed<T>(source: AsyncIterable<T>, following: Following<T>): AsyncGenerator<T> {
  const iterator = context.with(following.within, () => source[Symbol.asyncIterator]())
  const step = async (take: () => Promise<IteratorResult<T>>): Promise<IteratorResult<T>> => {
    try {
      const result = await context.with(following.within, take)
      if (result.done === true) following.end()
      else following.each(result.value)
      return result
    } catch (error) {
      following.end({ error })
      throw error
    }
  }
  const stop = (value?: unknown): Promise<IteratorResult<T>> =>
    iterator.return?.(value) ?? Promise.resolve({ done: true, value })
  const generator: Omit<AsyncGenerator<T>, typeof Symbol.asyncDispose> = {
    next: () => step(() => iterator.next()),
    return: (value) => {
      // A source that never answers has nobody who waits for it.
      following.end()
      return context.with(following.within, async () => stop(await value))
    },
    throw: (error) =>
      step(() => iterator.throw?.(error) ?? Promise.reject<IteratorResult<T>>(error)),
    [Symbol.asyncIterator]: () => generator as AsyncGenerator<T>,
  }
  return generator as AsyncGenerator<T>
}
