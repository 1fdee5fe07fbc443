import {
  emitLogLine,
  hasLogSink,
  recordErrorLog,
  TRACED_LOGGER,
  wantsErrorLog,
} from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import type Logger from 'bunyan'
import { createSharedFields } from './create-log-fields.ts'
import type { LogFieldOptions } from './log-field-options.ts'

export type { LogFieldOptions, LogFields, LogPreset } from './log-field-options.ts'

interface Emitting {
  _emit(record: Record<string, unknown>, ...rest: unknown[]): unknown
  child(...args: unknown[]): Emitting
}

const BUNYAN_ERROR = 50
const BUNYAN_FATAL = 60

/**
 * Traces a bunyan logger and the children that it makes from now on: every record gets the fields of
 * `logFields()`; a field that the call site sets, or that the logger has, wins. Raw streams get them
 * too. Returns the same logger; a second time changes nothing. Throws a TypeError for what is not a
 * bunyan logger, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceBunyan } from '@callchain/logs/bunyan'
 * import bunyan from 'bunyan'
 *
 * const logger = traceBunyan(bunyan.createLogger({ name: 'shop' }))
 * ```
 */
export function traceBunyan<T extends Pick<Logger, 'child' | 'addStream'>>(
  logger: T,
  options?: LogFieldOptions,
): T {
  const emitting = logger as unknown as Emitting
  if (typeof (emitting as Partial<Emitting> | undefined)?._emit !== 'function') {
    throw new TypeError('callchain: traceBunyan() takes a bunyan logger')
  }
  if (TRACED_LOGGER in logger) return logger
  const fieldsOf = createSharedFields(options)
  const { _emit: emit, child } = emitting
  const traced: Emitting = {
    _emit(record, ...rest) {
      // The record is the logger's own copy of what it was given.
      const fields = fieldsOf()
      for (const name in fields) if (!(name in record)) record[name] = fields[name]
      // With `true` bunyan returns the text and writes nothing.
      if (rest[0] !== true) reportLine(record)
      return emit.call(this, record, ...rest)
    },
    child(...args) {
      return traceBunyan(child.apply(this, args) as unknown as T, options) as unknown as Emitting
    },
  }
  return Object.assign(logger, traced, { [TRACED_LOGGER]: true })
}

function reportLine(record: Record<string, unknown>): void {
  if (hasLogSink()) emitLogLine({ context: context.active(), line: record })
  const { level, msg, err } = record
  if (Number(level) < BUNYAN_ERROR || !wantsErrorLog()) return
  recordErrorLog({
    level: Number(level) >= BUNYAN_FATAL ? 'fatal' : 'error',
    message: String(msg),
    error: err,
  })
}
