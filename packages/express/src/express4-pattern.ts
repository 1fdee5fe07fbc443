import type { Layer, Path } from './express-parts.ts'

// What `path-to-regexp` 0.1 makes of a mount, of a parameter (0.1.7, or 0.1.13 with its slash), of `*`.
const START = '^'
const END_OF_MOUNT = '\\/?(?=\\/|$)'
const PARAMETER = /\(\?:(\\\/)?\(\[\^\\?\/\]\+\?\)\)|\(\.\*\)/g
const ESCAPED = /\\([^\w\s])/g
const GROUP = /\(\?:/g
const SYNTAX = /[\\^$.*+?()[\]{}|]/

type Keys = NonNullable<Layer['keys']>

/** What an expression matched, and the pattern that it stands for. */
export interface CompiledMatch {
  readonly pattern: string
  readonly path: string
}

/**
 * The path of a mount of Express 4, of which only the compiled expression is left; `undefined` where
 * the expression alone does not tell (lists, optional parts, parameters with expressions of their own).
 */
export function plainMount({ source }: RegExp, keys: Keys): string | undefined {
  if (!source.startsWith(START) || !source.endsWith(END_OF_MOUNT)) return undefined
  const body = source.slice(START.length, -END_OF_MOUNT.length)
  let pattern = ''
  let from = 0
  let parameters = 0
  for (const found of body.matchAll(PARAMETER)) {
    const text = plainText(body.slice(from, found.index))
    if (text === undefined) return undefined
    pattern += text + (found[1] === undefined ? '' : '/') + placeholder(keys[parameters])
    parameters += 1
    from = found.index + found[0].length
  }
  const rest = plainText(body.slice(from))
  return rest === undefined || parameters !== keys.length ? undefined : pattern + rest
}

/** Matches a layer of Express 4, and tells its pattern from what the path had in its parameters' place. */
export function matchCompiled(regexp: RegExp, keys: Keys, path: string): CompiledMatch | undefined {
  const match = withIndices(regexp).exec(path)
  if (match === null) return undefined
  const isMount = unwrapped(regexp.source).endsWith(END_OF_MOUNT)
  const pattern = isMount ? filledIn(match, keys, regexp) : undefined
  return { pattern: pattern ?? String(regexp), path: match[0] }
}

/** The one of several paths that an expression made of all of them has matched. */
export function declaredAlternative(
  regexp: RegExp,
  declared: Path | undefined,
  path: string,
): string | undefined {
  if (!Array.isArray(declared)) return undefined
  const paths: readonly unknown[] = declared.flat(Number.POSITIVE_INFINITY)
  const alternatives = splitAlternatives(unwrapped(regexp.source))
  if (alternatives.length !== paths.length) return undefined
  const at = alternatives.findIndex((source) => new RegExp(source, regexp.flags).test(path))
  return at < 0 ? undefined : String(paths[at])
}

// Version 0.1.7 puts a list of paths in a group.
function unwrapped(source: string): string {
  return source.startsWith('(?:^') && source.endsWith(')') ? source.slice(3, -1) : source
}

function plainText(source: string): string | undefined {
  const unescaped = source.replace(ESCAPED, '')
  return SYNTAX.test(unescaped) ? undefined : source.replace(ESCAPED, '$1')
}

function placeholder(key: Keys[number] | undefined): string {
  return typeof key?.name === 'string' ? `:${key.name}` : '*'
}

function withIndices({ source, flags }: RegExp): RegExp {
  return new RegExp(source, `${flags.replace(/[gyd]/g, '')}d`)
}

function filledIn(match: RegExpExecArray, keys: Keys, { source }: RegExp): string | undefined {
  const declared = source.replace(GROUP, '').replace(ESCAPED, '$1')
  const path = match[0]
  let pattern = ''
  let from = 0
  for (const [at, key] of keys.entries()) {
    const [start, end] = match.indices?.[at + 1] ?? [-1, -1]
    if (start < from) continue
    const text = asDeclared(path.slice(from, start), declared)
    if (text === undefined) return undefined
    pattern += text + placeholder(key)
    from = end
  }
  const rest = asDeclared(path.slice(from).replace(/\/$/, ''), declared)
  return rest === undefined ? undefined : pattern + rest
}

// Text of the request may enter the pattern only where the declared path holds it, and as it holds it.
function asDeclared(text: string, declared: string): string | undefined {
  const at = declared.toLowerCase().indexOf(text.toLowerCase())
  return at < 0 ? undefined : declared.slice(at, at + text.length)
}

// A `|` inside a group leaves halves that do not compile: those belong together.
function splitAlternatives(source: string): string[] {
  const alternatives: string[] = []
  let pending = ''
  for (const piece of source.split('|')) {
    pending = pending === '' ? piece : `${pending}|${piece}`
    if (!compiles(pending)) continue
    alternatives.push(pending)
    pending = ''
  }
  return alternatives
}

function compiles(source: string): boolean {
  try {
    return new RegExp(source) !== undefined
  } catch {
    return false
  }
}
