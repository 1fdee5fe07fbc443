import { types } from 'node:util'

/** What an error without a class or code to name it is called. */
export const OTHER_ERROR = '_OTHER'

// Their `name` is inherited by every class that sets none.
const BUILT_IN = new Set([
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
])

/** Whether a value is an error, also of another realm, where `instanceof` does not tell. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value)
}

/**
 * A name of low cardinality for what was thrown: the name that the error sets, or its class, or its
 * code where neither says anything. Never throws, whatever was thrown.
 */
export function errorName(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return OTHER_ERROR
    const { name, code } = error as { name?: unknown; code?: unknown }
    const own = isError(error) || hasMessage(error) ? name : undefined
    if (typeof own === 'string' && own !== '' && !BUILT_IN.has(own)) return own
    const className = classOf(error)
    if (className !== undefined && className !== 'Error') return className
    if (typeof code === 'string' && code !== '') return code
    return isError(error) ? 'Error' : OTHER_ERROR
  } catch {
    return OTHER_ERROR
  }
}

// An object that is not an error may be anything: its `name` can be a person's.
function hasMessage(thrown: object): boolean {
  return typeof (thrown as { message?: unknown }).message === 'string'
}

// A class without a name is called after the one that it extends.
function classOf(error: object): string | undefined {
  let prototype: unknown = Object.getPrototypeOf(error)
  while (typeof prototype === 'object' && prototype !== null) {
    const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    const name = typeof maker === 'function' ? maker.name : ''
    if (typeof name === 'string' && name !== '') return name === 'Object' ? undefined : name
    prototype = Object.getPrototypeOf(prototype)
  }
  return undefined
}
