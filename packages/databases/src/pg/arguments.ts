import type { Method } from '../method.ts'
import type { BoundValues } from '../parameters.ts'

/** The statement that `query()` was given, and the values bound to it. */
export interface PgStatement {
  readonly text: string
  readonly values: BoundValues | undefined
}

/** Reads the arguments of `query()`; `undefined` for what pg itself will refuse. */
export function readStatement([config, second]: readonly unknown[]): PgStatement | undefined {
  const values = Array.isArray(second) ? second : undefined
  if (typeof config === 'string') return { text: config, values }
  if (typeof config !== 'object' || config === null) return undefined
  const own = config as { text?: unknown; values?: unknown }
  if (typeof own.text !== 'string') return undefined
  return { text: own.text, values: values ?? (Array.isArray(own.values) ? own.values : undefined) }
}

/**
 * The same arguments with another text. `undefined` for a prepared statement, which the server knows
 * by its text. The application's own config is left as it is.
 */
export function replaceText(args: readonly unknown[], text: string): unknown[] | undefined {
  const [config, ...rest] = args
  if (typeof config !== 'object' || config === null) return [text, ...rest]
  if ((config as { name?: unknown }).name !== undefined) return undefined
  return [Object.create(config, { text: { value: text, enumerable: true } }), ...rest]
}

/**
 * The same arguments with another callback. `undefined` when there is none, so that a promise is
 * given back. The application's own config is left as it is.
 */
export function replaceCallback(
  args: readonly unknown[],
  replace: (callback: Method) => Method,
): unknown[] | undefined {
  const at = args.findIndex((arg, index) => index > 0 && typeof arg === 'function')
  if (at !== -1) return args.with(at, replace(args[at] as Method))
  const [config, ...rest] = args
  const { callback } = (config ?? {}) as { callback?: unknown }
  if (typeof config !== 'object' || typeof callback !== 'function') return undefined
  const value = replace(callback as Method)
  return [Object.create(config, { callback: { value, writable: true, enumerable: true } }), ...rest]
}
