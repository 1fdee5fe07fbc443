/** The severity of a line in the OpenTelemetry log data model. */
export interface Severity {
  /** 1 to 24; 0 when it is not known. */
  readonly severityNumber: number
  readonly severityText: string
}

const NUMBERS: Readonly<Record<string, number>> = {
  silly: 1,
  trace: 1,
  debug: 5,
  verbose: 5,
  http: 9,
  info: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  crit: 18,
  critical: 18,
  alert: 19,
  fatal: 21,
  emerg: 21,
}
// Of pino and bunyan, from 10 on.
const NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

/** The severity that a logger's level stands for: a number of pino's and bunyan's, or a word. */
export function severityOf(level: unknown): Severity {
  if (typeof level === 'number') {
    const step = Math.min(Math.max(Math.floor(level / 10), 1), NAMES.length)
    return { severityNumber: step * 4 - 3, severityText: NAMES[step - 1] ?? '' }
  }
  const word = String(level ?? '').toLowerCase()
  const known = Object.hasOwn(NUMBERS, word) ? NUMBERS[word] : undefined
  return { severityNumber: known ?? 0, severityText: word.toUpperCase() }
}
