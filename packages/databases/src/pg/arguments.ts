import type { Method } from '../driver/callbacks.ts'
import type { BoundValues } from '../sql/parameters.ts'

/** The statement that `query()` was given, and the values bound to it. */
export interface PgStatement {
  readonly text: string
  readonly values: BoundValues | undefined
}

/** Reads the arguments of `query()`; `undefined` for arguments that pg itself will refuse. */
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
  return [variant(config, { text }), ...rest]
}

/**
 * The same arguments with another callback. `undefined` when there is none, so that a promise is
 * returned. The application's own config is left as it is.
 */
export function replaceCallback(
  args: readonly unknown[],
  replace: (callback: Method) => Method,
): unknown[] | undefined {
  for (let at = 1; at < args.length; at += 1) {
    if (typeof args[at] === 'function') return args.with(at, replace(args[at] as Method))
  }
  const config = args[0]
  if (typeof config !== 'object' || config === null) return undefined
  const { callback } = config as { callback?: unknown }
  if (typeof callback !== 'function') return undefined
  return [variant(config, { callback: replace(callback as Method) }), ...args.slice(1)]
}

/** The keys that pg reads from a config. */
const CONFIG_KEYS =
  'text values name types rowMode rows portal queryMode binary query_timeout'.split(' ')

// A getter of the application may only work on its own object, so the values are read there.
function variant(config: object, changes: Readonly<Record<string, unknown>>): object {
  return Object.create(
    config,
    Object.fromEntries(
      Object.entries({ ...pick(config), ...changes }).map(([key, value]) => [
        key,
        { value, writable: true, enumerable: true },
      ]),
    ),
  )
}

function pick(config: object): Record<string, unknown> {
  const own = config as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    CONFIG_KEYS.filter((key) => key in config).map((key) => [key, own[key]]),
  )
}
