import { overrideMethod } from './traced.ts'

/** Calls `see` with each value that is taken out of an iterable, before the application gets it. */
export function rememberIterated<T>(iterable: AsyncIterable<T>, see: (value: T) => void): void {
  const iterate: unknown = iterable?.[Symbol.asyncIterator]
  if (typeof iterate !== 'function') return
  overrideMethod(iterable, Symbol.asyncIterator, (...given: unknown[]) => {
    const iterator: AsyncIterator<T> = Reflect.apply(iterate, iterable, given)
    const { next } = iterator
    overrideMethod(iterator, 'next', async (...args: [] | [unknown]) => {
      const result = await next.apply(iterator, args)
      if (result.done !== true) see(result.value)
      return result
    })
    return iterator
  })
}
