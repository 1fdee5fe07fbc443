import { types } from 'node:util'
import { optionError } from './option-error.ts'

/** What the value of one option may be. */
export interface OptionRule {
  /** What is allowed, in words, to follow "allowed:". */
  readonly allowed: string
  holds(value: unknown): boolean
  /** The value is not repeated in a message: it may be a secret. */
  readonly isSecret?: boolean
  /** The rules of the options inside, where the value is an object of options. */
  readonly inside?: Readonly<Record<string, OptionRule>>
}

/** A rule for each option of an interface; the compiler asks for every one. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule }

/**
 * Checks the options of `what` at start-up, those inside other options as well; an option that is
 * undefined counts as not given.
 *
 * @throws TypeError that names the option, its value and what is allowed, and for a name that does
 *   not exist the nearest one.
 */
export function checkOptions<Options extends object>(
  what: string,
  options: Options,
  rules: OptionRules<Options>,
): void {
  if (!isNamed(options)) throw optionError(`the options of ${what}`, options, 'an object')
  checkNames(what, options, rules as Readonly<Record<string, OptionRule>>, '')
}

function checkNames(
  what: string,
  options: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, OptionRule>>,
  prefix: string,
): void {
  for (const name of Object.keys(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined) throw unknownOption(what, prefix, name, Object.keys(rules))
    const value = options[name]
    if (value === undefined) continue
    const option = `${prefix}${name} of ${what}`
    if (!rule.holds(value)) throw optionError(option, value, rule.allowed, rule.isSecret)
    if (rule.inside !== undefined && isNamed(value)) {
      checkNames(what, value, rule.inside, `${prefix}${name}.`)
    }
  }
}

function unknownOption(
  what: string,
  prefix: string,
  name: string,
  known: readonly string[],
): TypeError {
  const near = nearest(name, known)
  const next = near === undefined ? 'allowed' : `did you mean '${prefix}${near}'? Allowed`
  const allowed = known.map((each) => prefix + each).join(', ')
  return new TypeError(`callchain: ${what} has no option '${prefix}${name}'; ${next}: ${allowed}`)
}

/** The name that takes the fewest changes to get to; `undefined` where none is like it. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  let found: string | undefined
  let least = Math.ceil(name.length / 2)
  for (const each of names) {
    const changes = distance(name.toLowerCase(), each.toLowerCase())
    if (changes < least) {
      least = changes
      found = each
    }
  }
  return found
}

/** How many characters must be put in, left out or replaced (Levenshtein's distance). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/**
 * Whether a value has names of its own to look at. What has no names but things in it, a list, a Map
 * or a Headers, and what will have them later, a promise, would count as no options at all.
 */
export function isNamed(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return !(Symbol.iterator in value) && !types.isPromise(value)
}
