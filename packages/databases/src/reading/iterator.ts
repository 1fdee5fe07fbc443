import { context } from '@opentelemetry/api'
import type { Method } from '../driver/callbacks.ts'
import { isThenable } from '../driver/settle.ts'
import { overrideMethod } from '../driver/traced.ts'
import type { Following } from './following.ts'
import { type Reading, startReading } from './reading.ts'

/** A result whose rows are read later, one by one: an iterator, or a cursor that makes one. */
export type Iterated = Record<PropertyKey, unknown>

/** Whether a value is read later. A list is not: its rows are already there. */
export function isIterated(value: unknown): value is Iterated {
  if (typeof value !== 'object' || value === null) return false
  const { next, [Symbol.asyncIterator]: async, [Symbol.iterator]: sync } = value as Iterated
  return isMethod(async) || (isMethod(next) && isMethod(sync))
}

// An iterator need not be iterable itself.
function isIterator(value: unknown): value is Iterated {
  return isMethod((value as Iterated | null | undefined)?.next)
}

// The methods that end the reading of a cursor or an iterator, or read it completely.
const ENDS: readonly PropertyKey[] = [
  'return',
  'throw',
  'close',
  'destroy',
  'cancel',
  'toArray',
  'forEach',
  Symbol.asyncDispose,
  Symbol.dispose,
]

/** Ends a statement with the reading of its result, whichever method reads it. */
export function followIterated(target: Iterated, following: Following): void {
  followMethods(target, following, startReading(target, following))
}

/** Follows the iterators of a result, and makes them in the statement's context. */
export function iterating(source: Iterated, following: Following): () => unknown {
  const create = source[Symbol.asyncIterator] as Method
  return () => {
    const iterator = context.with(following.within, () => create.call(source)) as Iterated
    if (isIterator(iterator)) followIterated(iterator, following)
    return iterator
  }
}

function followMethods(target: Iterated, following: Following, reading: Reading): void {
  const follow = (name: PropertyKey, isEnd: (value: unknown) => boolean): void => {
    const original = target[name]
    if (!isMethod(original)) return
    overrideMethod(target, name, function (this: unknown, ...args: unknown[]): unknown {
      reading.read()
      return followCall(() => original.apply(this, args), isEnd, following, reading)
    })
  }
  follow('next', isLast)
  for (const name of ENDS) follow(name, () => true)
  for (const name of [Symbol.asyncIterator, Symbol.iterator]) {
    const original = target[name]
    if (!isMethod(original)) continue
    overrideMethod(target, name, function (this: unknown): unknown {
      const iterator = original.call(this)
      if (iterator !== target && isIterator(iterator)) {
        reading.read()
        reading.heldBy(iterator)
        followMethods(iterator, following, reading)
      }
      return iterator
    })
  }
}

/** Runs a method in the context of the statement, and notices whether the reading is over. */
export function followCall(
  run: () => unknown,
  isEnd: (value: unknown) => boolean,
  { within }: Following,
  reading: Reading,
): unknown {
  const see = <T>(value: T): T => {
    if (isEnd(value)) reading.done()
    else reading.read()
    return value
  }
  const fail = (error: unknown): never => {
    reading.failed(error)
    throw error
  }
  let outcome: unknown
  try {
    outcome = context.with(within, run)
  } catch (error) {
    return fail(error)
  }
  return isThenable(outcome) ? outcome.then(see, fail) : see(outcome)
}

// An iterator returns `done`; the cursor of a driver returns null once there are no more rows.
function isLast(value: unknown): boolean {
  return value === null || value === undefined || (value as { done?: unknown }).done === true
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function'
}
