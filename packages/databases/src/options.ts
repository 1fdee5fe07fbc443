import type { TracerProvider } from '@opentelemetry/api'

/** A bound value, and the statement it belongs to. */
export interface QueryParameter {
  /** Its index from 0, or its name where the database has names. */
  readonly key: string
  readonly value: unknown
  /** The statement. */
  readonly text: string
}

/** Options of `traceQuery()` and of every driver's wrapper. */
export interface DatabaseOptions {
  /**
   * Which bound values the span may show, as `db.query.parameter.<key>`, each cut behind 1,024
   * characters. It is asked for every value of every statement. Default: none.
   */
  captureParameters?: (parameter: QueryParameter) => boolean
  /**
   * Whether an exception's message and stack may be shown. Databases quote values in their messages.
   * Default: false; the span has the error's class and the database's code.
   */
  errorMessages?: boolean
  /** Default: the global one. */
  tracerProvider?: TracerProvider
}

/** Options of the wrappers of SQL drivers. */
export interface SqlOptions extends DatabaseOptions {
  /**
   * Whether the statements of a sampled trace get their `traceparent` as a comment at the end, for
   * the database's own logs, after https://google.github.io/sqlcommenter. It makes every statement a
   * different text, so those that are prepared get none, nor does one that has a comment, or what
   * looks like one. Default: false.
   */
  sqlcommenter?: boolean
}

const CHECKS: Readonly<Record<keyof SqlOptions, 'function' | 'boolean' | 'object'>> = {
  captureParameters: 'function',
  errorMessages: 'boolean',
  sqlcommenter: 'boolean',
  tracerProvider: 'object',
}

/**
 * Checks options at start-up; `names` are those that there are. Throws a TypeError that names the
 * option and what is allowed.
 */
export function checkOptions(options: SqlOptions, names: readonly (keyof SqlOptions)[]): void {
  const allowed: Readonly<Record<string, string>> = Object.fromEntries(
    names.map((name) => [name, CHECKS[name]]),
  )
  for (const [name, value] of Object.entries(options)) {
    const type = allowed[name]
    if (type === undefined) {
      const known = names.join(', ')
      throw new TypeError(`callchain: there is no option '${name}'; allowed: ${known}`)
    }
    if (value === undefined || typeof value === type) continue
    throw new TypeError(`callchain: ${name} cannot be ${typeof value}; allowed: ${type}`)
  }
}
