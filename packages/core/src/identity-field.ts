import type { BinaryLike } from 'node:crypto'
import { isBaggageKey } from './baggage.ts'
import { createHostMatcher, type HostMatcher, type HostRule } from './internal-host.ts'
import { optionError } from './option-error.ts'

/** How a keyed hash (HMAC-SHA-256, in hexadecimal) takes the place of a value in spans and logs. */
export interface IdentityHash {
  /** The secret key: the same in every service whose spans and logs are to agree. */
  key: BinaryLike
  /** Hash the value in spans. Default: true. */
  spans?: boolean
  /** Hash the value in logs. Default: true. */
  logs?: boolean
}

/** How one field of identity travels, and where it shows. */
export interface IdentityFieldOptions {
  /** The baggage keys it is read from, the first hit wins; it is sent under the first. Default: its name. */
  baggage?: string | readonly string[]
  /** Request headers it is read from when baggage has none; only of internal callers. Default: none. */
  headers?: string | readonly string[]
  /** What a value must match as a whole; others are dropped and counted. Default: anything. */
  pattern?: RegExp
  /** The longest value, in bytes of UTF-8; longer ones are dropped and counted. Default: 256. */
  maxBytes?: number
  /** Where it is sent: to internal hosts, to none, or to these hosts only. Default: `'internal'`. */
  send?: 'internal' | 'none' | readonly HostRule[]
  /** On which spans it is an attribute: the server's, all that we make, or none. Default: `'server'`. */
  spans?: 'server' | 'all' | 'none'
  /** The name of the span attribute. Default: the field's name. */
  attribute?: string
  /** Whether it is a log field. Default: true. */
  logs?: boolean
  /** The name of the log field. Default: the field's name with `_` for `.`. */
  logName?: string
  /** Show a keyed hash in its place, so that the value itself need not leave the process. Default: no hash. */
  hash?: IdentityHash
}

/** A declared field, checked and with every default filled in. */
export interface IdentityDefinition {
  readonly name: string
  readonly index: number
  readonly baggage: readonly string[]
  readonly headers: readonly string[]
  readonly pattern: RegExp | undefined
  readonly maxBytes: number
  readonly send: 'internal' | 'none' | HostMatcher
  readonly spans: 'server' | 'all' | 'none'
  readonly attribute: string
  readonly logs: boolean
  readonly logName: string
  readonly hash: Required<IdentityHash> | undefined
}

/** Checks the options of a field. Throws a TypeError that names the option, the value and what is allowed. */
export function defineIdentity(
  name: string,
  options: IdentityFieldOptions,
  index: number,
): IdentityDefinition {
  if (typeof name !== 'string' || !isBaggageKey(name)) {
    throw optionError('the name of an identity field', name, 'a token such as order.region')
  }
  const at = (option: string): string => `${option} of the identity field ${name}`
  return {
    name,
    index,
    baggage: keys(at('baggage'), options.baggage ?? name),
    headers: keys(at('headers'), options.headers ?? []).map((key) => key.toLowerCase()),
    pattern: pattern(at('pattern'), options.pattern),
    maxBytes: size(at('maxBytes'), options.maxBytes ?? 256),
    send: destination(at('send'), options.send ?? 'internal'),
    spans: oneOf(at('spans'), options.spans ?? 'server', ['server', 'all', 'none']),
    attribute: text(at('attribute'), options.attribute ?? name),
    logs: options.logs ?? true,
    logName: text(at('logName'), options.logName ?? name.replaceAll('.', '_')),
    hash: hash(at('hash'), options.hash),
  }
}

function keys(option: string, value: string | readonly string[]): readonly string[] {
  const list = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || !list.every((key) => typeof key === 'string' && isBaggageKey(key))) {
    throw optionError(option, value, 'a token, or an array of tokens, as in RFC 9110 section 5.6.2')
  }
  return list
}

function pattern(option: string, value: RegExp | undefined): RegExp | undefined {
  if (value === undefined) return undefined
  if (!(value instanceof RegExp)) throw optionError(option, value, 'a regular expression')
  // Anchored, and without the flags that make a regular expression remember where it was.
  return new RegExp(`^(?:${value.source})$`, value.flags.replace(/[gy]/g, ''))
}

function size(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 4096) return value
  throw optionError(option, value, 'a whole number of bytes from 1 to 4096')
}

function destination(
  option: string,
  value: 'internal' | 'none' | readonly HostRule[],
): 'internal' | 'none' | HostMatcher {
  if (value === 'internal' || value === 'none') return value
  if (Array.isArray(value)) return createHostMatcher(value)
  throw optionError(option, value, "'internal', 'none' or an array of host rules")
}

function oneOf<T extends string>(option: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw optionError(option, value, allowed.map((each) => `'${each}'`).join(', '))
}

function text(option: string, value: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw optionError(option, value, 'a name that is not empty')
}

function hash(option: string, value: IdentityHash | undefined): Required<IdentityHash> | undefined {
  if (value === undefined) return undefined
  const { key, spans = true, logs = true } = value
  if ((typeof key === 'string' && key !== '') || ArrayBuffer.isView(key))
    return { key, spans, logs }
  // The value may be a key that went astray: it is not repeated.
  throw new TypeError(`callchain: ${option} needs a key: a string that is not empty, or bytes`)
}
