import { TRACED_MIXIN } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import type { Logger } from 'pino'
import { createBoundDropper } from './bound-names.ts'
import { contextOfLine } from './context-of-line.ts'
import { createLogFields } from './create-log-fields.ts'
import type { LogFieldOptions, LogFields } from './log-field-options.ts'
import { awaitLine } from './pino-finished-line.ts'

export type { LogFieldOptions, LogFields, LogPreset } from './log-field-options.ts'

/** The function that pino calls for each line that it writes, with the line, its level and the logger. */
export type TraceMixin = (line?: object, level?: number, logger?: object) => LogFields

type AnyMixin = (...args: Parameters<TraceMixin>) => object

/**
 * Makes the `mixin` of a pino logger: `pino({ mixin: traceMixin() })`. Every line gets the fields of
 * `logFields()`; a field that the call site sets, or that a child logger has bound, wins. Throws a
 * TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceMixin } from '@callchain/logs/pino'
 * import pino from 'pino'
 *
 * const logger = pino({ mixin: traceMixin({ preset: 'ecs' }) })
 * ```
 */
export function traceMixin(options?: LogFieldOptions): TraceMixin {
  return createMixin(options, undefined) as TraceMixin
}

function createMixin(options: LogFieldOptions | undefined, former: AnyMixin | undefined): AnyMixin {
  const fieldsOf = createLogFields(options)
  const dropBound = createBoundDropper()
  const mixin: AnyMixin = (line, level = 0, logger) => {
    const known = line === undefined ? undefined : contextOfLine(line)
    // A fresh object: pino writes the line's own fields into it.
    const fields = known === undefined ? fieldsOf() : context.with(known, fieldsOf)
    dropBound(fields, logger)
    if (former !== undefined) Object.assign(fields, former(line, level, logger))
    awaitLine(fields, level, known)
    return fields
  }
  return Object.assign(mixin, { [TRACED_MIXIN]: true })
}

/**
 * Traces a pino logger that exists already, and its children, including those made before: every line
 * gets what `traceMixin()` would give it. A mixin that the logger has stays, and its fields win.
 * Returns the same logger; a second time changes nothing. Throws a TypeError for what is not a pino
 * logger, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { tracePino } from '@callchain/logs/pino'
 * import pino from 'pino'
 *
 * const logger = tracePino(pino())
 * ```
 */
export function tracePino<T extends Pick<Logger, 'child' | 'bindings'>>(
  logger: T,
  options?: LogFieldOptions,
): T {
  const symbol = mixinSymbol(logger)
  if (symbol === undefined) {
    throw new TypeError('callchain: tracePino() takes a pino logger')
  }
  const holder = logger as unknown as Record<symbol, AnyMixin | undefined>
  const former = holder[symbol]
  if (former !== undefined && TRACED_MIXIN in former) return logger
  holder[symbol] = createMixin(options, former)
  return logger
}

/** Where pino keeps a logger's mixin; children inherit it. */
function mixinSymbol(logger: unknown): symbol | undefined {
  if (typeof logger !== 'object') return undefined
  for (let at: object | null = logger; at !== null; at = Object.getPrototypeOf(at)) {
    const symbol = Object.getOwnPropertySymbols(at).find(
      (each) => each.description === 'pino.mixin',
    )
    if (symbol !== undefined) return symbol
  }
  return undefined
}
