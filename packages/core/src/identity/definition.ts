import type { BinaryLike } from 'node:crypto'
import { types } from 'node:util'
import type { IdentityValue } from '../context/scope.ts'
import { checkOptions, isNamed, type OptionRule, type OptionRules } from '../otel/check-options.ts'
import { optionError } from '../otel/option-error.ts'
import { FLAG, NAME, oneOf } from '../otel/option-rules.ts'
import {
  createHostMatcher,
  HOST_RULES,
  type HostMatcher,
  type HostRule,
} from '../trust/host-rules.ts'
import { isBaggageKey } from '../w3c/baggage.ts'

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
  /**
   * Whether it is written into messages, which queues, logs and dead letters keep for days. Default:
   * true, and false for a field with `hash`.
   */
  messages?: boolean
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
  readonly messages: boolean
  readonly spans: 'server' | 'all' | 'none'
  readonly attribute: string
  readonly logs: boolean
  readonly logName: string
  readonly hash: Required<IdentityHash> | undefined
}

/** Two values of one field in one request: the first was taken. */
export interface ReceivedConflict {
  readonly field: IdentityDefinition
  readonly kept: IdentityValue
  readonly dropped: IdentityValue
}

const KEYS: OptionRule = {
  allowed: 'a token, or an array of tokens (RFC 9110 section 5.6.2)',
  holds: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isKey) : isKey(value)),
}

const HEADERS: OptionRule = {
  ...KEYS,
  holds: (value) => (Array.isArray(value) ? value.every(isKey) : isKey(value)),
}

const HASH_RULES: OptionRules<IdentityHash> = {
  key: {
    allowed: 'a non-empty string, or bytes',
    holds: (value) => (typeof value === 'string' && value !== '') || isBytes(value),
    isSecret: true,
  },
  spans: FLAG,
  logs: FLAG,
}

const RULES: OptionRules<IdentityFieldOptions> = {
  baggage: KEYS,
  headers: HEADERS,
  pattern: { allowed: 'a regular expression', holds: types.isRegExp },
  maxBytes: {
    allowed: 'a whole number from 1 to 4096 (bytes)',
    holds: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 4096,
  },
  send: oneOf(['internal', 'none'], HOST_RULES),
  messages: FLAG,
  spans: oneOf(['server', 'all', 'none']),
  attribute: NAME,
  logs: FLAG,
  logName: NAME,
  hash: {
    allowed: 'an object with a key: a non-empty string, or bytes',
    holds: (value) => isNamed(value) && 'key' in value,
    // It may be a key that was given in the wrong place.
    isSecret: true,
    inside: HASH_RULES,
  },
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
  checkOptions(`the identity field ${name}`, options, RULES)
  const { send = 'internal', hash } = options
  return {
    name,
    index,
    baggage: listed(options.baggage ?? name),
    headers: listed(options.headers ?? []).map((key) => key.toLowerCase()),
    pattern: options.pattern && anchored(options.pattern),
    maxBytes: options.maxBytes ?? 256,
    send: typeof send === 'string' ? send : createHostMatcher(send),
    messages: options.messages ?? hash === undefined,
    spans: options.spans ?? 'server',
    attribute: options.attribute ?? name,
    logs: options.logs ?? true,
    logName: options.logName ?? name.replaceAll('.', '_'),
    hash: hash && { key: hash.key, spans: hash.spans ?? true, logs: hash.logs ?? true },
  }
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' && isBaggageKey(value)
}

function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) && value.byteLength > 0
}

function listed(keys: string | readonly string[]): readonly string[] {
  return typeof keys === 'string' ? [keys] : keys
}

/** Matches whole values, without the flags that make a regular expression remember where it was. */
function anchored(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ''))
}
