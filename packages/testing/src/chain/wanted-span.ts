import type { ChainSpan } from './chain-span.ts'

/** How a span must be; what is not named is not checked. */
export interface SpanLike {
  /** Its name, or a pattern of it. */
  readonly name?: string | RegExp
  /** `internal`, `server`, `client`, `producer` or `consumer`. */
  readonly kind?: string
  readonly service?: string
  /** `unset`, `ok` or `error`. */
  readonly status?: string
  /** Attributes that it must have. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** Which spans are wanted: by the name, a pattern of it, what they are like, or a function of your own. */
export type WantedSpan = string | RegExp | SpanLike | ((span: ChainSpan) => boolean)

/** True when the span is one that is wanted. */
export function matches(span: ChainSpan, wanted: WantedSpan): boolean {
  if (typeof wanted === 'function') return wanted(span)
  if (typeof wanted === 'string' || wanted instanceof RegExp) return isNamed(span.name, wanted)
  const { name, attributes = {}, ...others } = wanted
  if (name !== undefined && !isNamed(span.name, name)) return false
  return (
    Object.entries(others).every(([key, value]) => Reflect.get(span, key) === value) &&
    Object.entries(attributes).every(([key, value]) => isSame(span.attributes[key], value))
  )
}

/** What is wanted, for a message: `named 'GET'`. */
export function describeWanted(wanted: WantedSpan): string {
  if (typeof wanted === 'function') return 'for which the function returns true'
  if (typeof wanted === 'string') return `named '${wanted}'`
  if (wanted instanceof RegExp) return `with a name like ${wanted}`
  return `like ${JSON.stringify(wanted, (_, value) => (value instanceof RegExp ? String(value) : value))}`
}

/** True for equal values, lists included. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
}

function isNamed(name: string, wanted: string | RegExp): boolean {
  if (typeof wanted === 'string') return name === wanted
  // One with the flag g remembers where it stopped.
  wanted.lastIndex = 0
  return wanted.test(name)
}
