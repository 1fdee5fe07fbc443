import { parseUrl } from '@callchain/core/internal'
import type { Warn } from '../report/warning.ts'

/**
 * Reads variables by the rules of the OpenTelemetry Environment Variable Specification: an empty
 * value is an unset one, and a malformed one gives a warning and counts as unset.
 */
export interface Environment {
  text(name: string): string | undefined
  flag(name: string, fallback: boolean): boolean | undefined
  number(name: string, range: NumberRange, fallback: number): number | undefined
  choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T | undefined
  list(name: string): string[] | undefined
  url(name: string, fallback: string): URL | undefined
  pairs(name: string, secret: boolean): Record<string, string>
  /** Warns of a malformed value. */
  reject(name: string, value: string, allowed: string, fallback: string): void
  /** Warns of something that is missing. */
  tell: Warn
}

/** The numbers that a setting takes. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly whole: boolean
}

/** Milliseconds that a timer can wait, but for none at all. */
export const POSITIVE_MILLIS: NumberRange = { min: 1, max: 2 ** 31 - 1, whole: true }
/** Milliseconds that a timer can wait, or none. */
export const MILLIS: NumberRange = { min: 0, max: 2 ** 31 - 1, whole: true }
/** How many of something, at least one. */
export const POSITIVE_COUNT: NumberRange = { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true }
/** How many of something, or none. */
export const COUNT: NumberRange = { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }
/** A share of the whole. */
export const RATIO: NumberRange = { min: 0, max: 1, whole: false }

/** A reader of `variables` that tells `warn` of every malformed value. */
export function readEnvironment(variables: NodeJS.ProcessEnv, warn: Warn): Environment {
  return new VariableReader(variables, warn)
}

class VariableReader implements Environment {
  readonly tell: Warn
  private readonly variables: NodeJS.ProcessEnv

  constructor(variables: NodeJS.ProcessEnv, warn: Warn) {
    this.variables = variables
    // Spans and log lines read the same variables.
    const told = new Set<string>()
    this.tell = (message) => {
      if (told.has(message)) return
      told.add(message)
      warn(message)
    }
  }

  text(name: string): string | undefined {
    return this.variables[name]?.trim() || undefined
  }

  reject(name: string, value: string, allowed: string, fallback: string): void {
    this.tell(`${name}=${quote(value)} is not ${allowed}; using ${fallback}`)
  }

  flag(name: string, fallback: boolean): boolean | undefined {
    return this.read(name, parseFlag, 'true or false', String(fallback))
  }

  number(name: string, range: NumberRange, fallback: number): number | undefined {
    const parse = (value: string): number | undefined => {
      return isInRange(Number(value), range) ? Number(value) : undefined
    }
    return this.read(name, parse, describeRange(range), String(fallback))
  }

  choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T | undefined {
    const parse = (value: string): T | undefined => {
      return allowed.find((word) => word === value.toLowerCase())
    }
    return this.read(name, parse, `one of ${allowed.join(', ')}`, fallback)
  }

  url(name: string, fallback: string): URL | undefined {
    return this.read(name, parseHttpUrl, 'an http or https URL', fallback)
  }

  list(name: string): string[] | undefined {
    const words = this.text(name)?.split(',') ?? []
    const filled = words.map((word) => word.trim()).filter((word) => word !== '')
    return filled.length > 0 ? filled : undefined
  }

  pairs(name: string, secret: boolean): Record<string, string> {
    const value = this.text(name)
    const pairs = value === undefined ? {} : parsePairs(value)
    if (value !== undefined && pairs === undefined) {
      const shown = secret ? '(hidden: it may contain a secret)' : value
      this.reject(name, shown, 'a list key1=value1,key2=value2, percent-encoded', 'none of it')
    }
    return pairs ?? {}
  }

  private read<T>(
    name: string,
    parse: (value: string) => T | undefined,
    allowed: string,
    fallback: string,
  ): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const parsed = parse(value)
    if (parsed === undefined) this.reject(name, value, allowed, fallback)
    return parsed
  }
}

function parseFlag(value: string): boolean | undefined {
  const word = value.toLowerCase()
  if (word === 'true') return true
  return word === 'false' ? false : undefined
}

/** Whether `value` is a finite number that `range` allows. */
export function isInRange(value: unknown, range: NumberRange): value is number {
  if (typeof value !== 'number' || !(value >= range.min && value <= range.max)) return false
  return !range.whole || Number.isInteger(value)
}

/** `range` in words, to follow "is not". */
export function describeRange({ min, max, whole }: NumberRange): string {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`
  return `a ${whole ? 'whole ' : ''}number ${bounds}`
}

/** The parsed URL, if `text` is one with the scheme http or https. */
export function parseHttpUrl(text: string): URL | undefined {
  const url = parseUrl(text)
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined
}

/** The pairs of a list in the format of W3C Baggage without properties; undefined if any is malformed. */
function parsePairs(text: string): Record<string, string> | undefined {
  const pairs: Record<string, string> = {}
  for (const member of text.split(',')) {
    if (member.trim() === '') continue
    const equals = member.indexOf('=')
    const key = decode(member.slice(0, equals))
    const value = decode(member.slice(equals + 1))
    if (equals < 1 || !key || value === undefined) return undefined
    pairs[key] = value
  }
  return pairs
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim())
  } catch {
    return undefined
  }
}

function quote(value: string): string {
  return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value)
}
