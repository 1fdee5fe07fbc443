import {
  checkOptions,
  FLAG,
  type OptionRules,
  SYNC_FUNCTION,
  TRACER_PROVIDER,
} from '@callchain/core/internal'
import type { TracerProvider } from '@opentelemetry/api'

/** A bound value, and the statement it belongs to. */
export interface QueryParameter {
  /** Its index from 0, or its name where the database names parameters. */
  readonly key: string
  readonly value: unknown
  /** The statement. */
  readonly text: string
}

/** Options of `traceQuery()` and of every driver's wrapper. */
export interface DatabaseOptions {
  /**
   * Which bound values the span may show, as `db.query.parameter.<key>`, each truncated to
   * 1,024 characters. It is called for every value of every statement; only `true` shows a value, and
   * it cannot be `async`. Default: none.
   */
  captureParameters?: (parameter: QueryParameter) => boolean
  /**
   * Whether an exception's message and stack may be shown. Databases quote values in their messages.
   * Default: false; the span has the error's class and the database's code.
   */
  errorMessages?: boolean
  /**
   * Whether statements outside any trace are left out, such as those of a queue's worker that polls
   * for work: they get no span and are not measured. Default: false; each begins its own trace.
   */
  requireParent?: boolean
  /** Whose tracer makes the spans of statements. Default: the global one. */
  tracerProvider?: TracerProvider
}

/** Options of the wrappers of drivers whose commands have no parameters to capture. */
export type CommandOptions = Omit<DatabaseOptions, 'captureParameters'>

/** Options of the wrappers of SQL drivers. */
export interface SqlOptions extends DatabaseOptions {
  /**
   * Whether the statements of a sampled trace get their `traceparent` as a comment at the end, for
   * the database's own logs, as https://google.github.io/sqlcommenter describes. Every statement then
   * has a different text, so prepared ones get no comment, nor does one that has a comment already
   * or what looks like one. Default: false.
   */
  sqlcommenter?: boolean
}

const DATABASE_RULES: OptionRules<DatabaseOptions> = {
  captureParameters: SYNC_FUNCTION,
  errorMessages: FLAG,
  requireParent: FLAG,
  tracerProvider: TRACER_PROVIDER,
}

/** What the options of a SQL driver's wrapper may be. */
export const SQL_RULES: OptionRules<SqlOptions> = { ...DATABASE_RULES, sqlcommenter: FLAG }

const { captureParameters: _, ...COMMAND_RULES } = DATABASE_RULES

/** Checks the options of a SQL driver's wrapper at start-up. Throws a TypeError for what is not allowed. */
export function checkSqlOptions(options: SqlOptions): void {
  checkOptions('a database wrapper', options, SQL_RULES)
}

/** Checks the options of a wrapper whose commands have no parameters. Throws a TypeError for what is not allowed. */
export function checkCommandOptions(options: CommandOptions): void {
  checkOptions('a database wrapper', options, COMMAND_RULES)
}
