import type { Method } from '../driver/callbacks.ts'
import { overrideMethod } from '../driver/traced.ts'
import type { Following } from './following.ts'
import { followCall, followIterated, type Iterated, isIterated } from './iterator.ts'
import { startReading } from './reading.ts'

type Methods = Record<PropertyKey, Method | undefined>

/** Whether a value is a readable web stream. */
export function isWebStream(value: unknown): value is object {
  return typeof (value as { getReader?: unknown } | null | undefined)?.getReader === 'function'
}

/**
 * Ends a statement with the reading of a web stream: by a reader, by iteration, by `pipeTo()`. Once it
 * is teed or piped through another stream, the statement ends.
 */
export function followWebStream(stream: object, following: Following): void {
  const reading = startReading(stream, following)
  const always = () => true
  const follow = (target: object, name: PropertyKey, isEnd: (value: unknown) => boolean): void => {
    const original = (target as Methods)[name]
    overrideMethod(target, name, function (this: unknown, ...args: unknown[]): unknown {
      reading.read()
      return followCall(() => original?.apply(this, args), isEnd, following, reading)
    })
  }
  for (const name of ['cancel', 'pipeTo', 'pipeThrough', 'tee']) follow(stream, name, always)
  const { getReader, values } = stream as Methods
  overrideMethod(stream, 'getReader', (...args: unknown[]): unknown => {
    const reader = getReader?.apply(stream, args) as object
    follow(reader, 'read', isLast)
    follow(reader, 'cancel', always)
    return reader
  })
  for (const name of ['values', Symbol.asyncIterator]) {
    overrideMethod(stream, name, (...args: unknown[]): unknown => {
      reading.read()
      const iterator = values?.apply(stream, args)
      if (isIterated(iterator)) followIterated(iterator as Iterated, following)
      return iterator
    })
  }
}

function isLast(result: unknown): boolean {
  return (result as { done?: unknown }).done === true
}
