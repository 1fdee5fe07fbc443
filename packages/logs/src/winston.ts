import { recordErrorLog, TRACED_LOGGER, wantsErrorLog } from '@callchain/core/internal'
import type { Logger } from 'winston'
import { createSharedFields } from './create-log-fields.ts'
import { createLiveObject } from './live-object.ts'
import type { LogFieldOptions, LogFields } from './log-field-options.ts'
import { awaitLine } from './winston-finished-line.ts'

export type { LogFieldOptions, LogFields, LogPreset } from './log-field-options.ts'

/**
 * Makes the `defaultMeta` of a winston logger: `createLogger({ defaultMeta: traceMeta() })`. Its
 * fields are read when a line is logged, so that a slow transport cannot mix them up. Pass your own
 * fields as `meta`: the result must not be spread into another object, which would read it only once.
 * Winston lets `defaultMeta` win over a line that is one object; with `traceWinston()` the call site
 * always wins. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceMeta } from '@callchain/logs/winston'
 * import { createLogger, transports } from 'winston'
 *
 * const defaultMeta = traceMeta({ service: 'shop' })
 * const logger = createLogger({ defaultMeta, transports: [new transports.Console()] })
 * ```
 */
export function traceMeta<T extends object = object>(
  meta?: T,
  options?: LogFieldOptions,
): T & LogFields {
  const fieldsOf = createSharedFields(options)
  const read = meta === undefined ? fieldsOf : () => ({ ...fieldsOf(), ...meta })
  return createLiveObject(read) as T & LogFields
}

/**
 * Traces a winston logger that exists already, and its children: every line gets the fields of
 * `logFields()`, and a field that the call site or a child logger sets wins. Returns the same logger,
 * or, for one that `child()` made, a logger on top of it. A second time changes nothing. Throws a
 * TypeError for what is not a winston logger, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceWinston } from '@callchain/logs/winston'
 * import { createLogger, transports } from 'winston'
 *
 * const logger = traceWinston(createLogger({ transports: [new transports.Console()] }))
 * ```
 */
export function traceWinston<T extends Pick<Logger, 'write'>>(
  logger: T,
  options?: LogFieldOptions,
): T {
  if (typeof (logger as Partial<T> | undefined)?.write !== 'function') {
    throw new TypeError('callchain: traceWinston() takes a winston logger')
  }
  if (TRACED_LOGGER in logger) return logger
  const fieldsOf = createSharedFields(options)
  const { write } = logger as { write(this: object, info: unknown, ...rest: unknown[]): boolean }
  const traced = {
    [TRACED_LOGGER]: { value: true },
    write: {
      configurable: true,
      writable: true,
      value(this: object, info: unknown, ...rest: unknown[]): boolean {
        recordError(this, info)
        const line = withFields(info, fieldsOf())
        awaitLine(this, line)
        return write.call(this, line, ...rest)
      },
    },
  }
  // Winston makes the `write` of a child logger read-only.
  const own = Object.getOwnPropertyDescriptor(logger, 'write')
  if (own?.configurable === false) return Object.create(logger, traced)
  return Object.defineProperties(logger, traced)
}

// In winston, a lower level is more severe.
function recordError(logger: object, info: unknown): void {
  if (!wantsErrorLog() || typeof info !== 'object' || info === null) return
  const { level, message } = info as { level?: unknown; message?: unknown }
  const { levels = {} } = logger as { levels?: Record<string, number> }
  const severity = levels[String(level)]
  if (severity === undefined || severity > (levels.error ?? 0)) return
  const error = info instanceof Error ? info : Object.values(info).find(isError)
  recordErrorLog({ level: String(level), message: String(message), error })
}

function isError(value: unknown): value is Error {
  return value instanceof Error
}

function withFields(info: unknown, fields: Readonly<LogFields>): unknown {
  if (typeof info !== 'object' || info === null) return info
  // Not by a spread, after which winston's formats take three times as long.
  if (!(info instanceof Error)) return Object.assign({}, fields, info)
  // An error stays an Error, with its message and its stack, which formats read.
  const copy = Object.create(Object.getPrototypeOf(info), Object.getOwnPropertyDescriptors(info))
  // Since Node 21 it is a getter, which tells a copy nothing.
  Object.defineProperty(copy, 'stack', { value: info.stack, writable: true, configurable: true })
  for (const name in fields) if (!(name in copy)) copy[name] = fields[name]
  return copy
}
