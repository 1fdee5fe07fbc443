import type { ServedRequest } from '../context/scope.ts'
import { DATABASE_ERRORS } from '../otel/shared-keys.ts'
import { errorName, isError } from './error-name.ts'

/** What a statement's span says of the error that ended it. */
interface NotedError {
  /** Its `error.type`. */
  readonly type: string
  /** Whether its message may be shown. */
  readonly isShown: boolean
}

const MAX_DEPTH = 6
const MAX_PARTS = 32
const MAX_KEPT_MESSAGES = 8
/** A shorter message is looked for as a whole, not within others. */
const MIN_QUOTED_LENGTH = 8

// One map for every copy of this package.
function notedErrors(): WeakMap<object, NotedError> {
  const holder = globalThis as { [DATABASE_ERRORS]?: WeakMap<object, NotedError> }
  holder[DATABASE_ERRORS] ??= new WeakMap()
  return holder[DATABASE_ERRORS]
}

/**
 * Notes the error of a statement: the other spans that meet it, or what wraps or quotes it, call it
 * by the same name, and hide what its own span hides.
 */
export function noteDatabaseError(
  error: unknown,
  noted: NotedError,
  served: ServedRequest | undefined,
): void {
  if (typeof error === 'object' && error !== null) notedErrors().set(error, noted)
  if (noted.isShown || served === undefined) return
  const message = messageOf(error)
  if (message === undefined || message === '') return
  served.hiddenMessages ??= []
  served.hiddenMessages.push(message)
  if (served.hiddenMessages.length > MAX_KEPT_MESSAGES) served.hiddenMessages.shift()
}

/** The value of `error.type` (semantic conventions), the same on every span. Never throws. */
export function errorType(error: unknown): string {
  const noted = typeof error === 'object' && error !== null ? notedErrors().get(error) : undefined
  return noted?.type ?? errorName(error)
}

/** Whether the message of an error may hold what a database's span hides. Never throws. */
export function isHiddenError(error: unknown, served: ServedRequest | undefined): boolean {
  try {
    return isHidden(error, served?.hiddenMessages ?? [], MAX_DEPTH)
  } catch {
    return true
  }
}

/** A text without the messages of the request's statements that its spans hide. */
export function withoutHidden(text: string, served: ServedRequest, put: string): string {
  return (served.hiddenMessages ?? []).reduce((left, hidden) => left.replaceAll(hidden, put), text)
}

function isHidden(error: unknown, messages: readonly string[], depth: number): boolean {
  const message = messageOf(error)
  if (message !== undefined && messages.some((hidden) => quotes(message, hidden))) return true
  if (typeof error !== 'object' || error === null) return false
  const noted = notedErrors().get(error)
  if (noted !== undefined) return !noted.isShown
  if (depth === 0) return false
  return partsOf(error).some((part) => isHidden(part, messages, depth - 1))
}

function quotes(message: string, hidden: string): boolean {
  return message === hidden || (hidden.length >= MIN_QUOTED_LENGTH && message.includes(hidden))
}

// What an error is made of, by whatever name: `cause`, `errors`, `original`, `driverError`.
function partsOf(error: object): unknown[] {
  return Reflect.ownKeys(error)
    .flatMap((key): unknown => Object.getOwnPropertyDescriptor(error, key)?.value ?? [])
    .filter(
      (part) =>
        isError(part) || (typeof part === 'object' && part !== null && notedErrors().has(part)),
    )
    .slice(0, MAX_PARTS)
}

function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error
  try {
    const message: unknown = (error as { message?: unknown } | null | undefined)?.message
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
