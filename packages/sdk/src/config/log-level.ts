import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api'
import type { Warn } from '../report/warning.ts'
import type { Environment } from './environment.ts'
import { isRegistered } from './registered.ts'

const LEVELS: Readonly<Record<string, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
}

/** Writes what tracing says of itself, from the level of `OTEL_LOG_LEVEL` on, through `warn`; not where the application has a logger for it. */
export function startDiagnostics(environment: Environment, warn: Warn): void {
  const word = environment.choice('OTEL_LOG_LEVEL', Object.keys(LEVELS), 'none')
  const level = LEVELS[word ?? 'none'] ?? DiagLogLevel.NONE
  if (level === DiagLogLevel.NONE || isRegistered('diag')) return
  const say =
    (name: string) =>
    (message: string, ...details: unknown[]) =>
      warn(`${name}: ${[message, ...details].map(String).join(' ')}`)
  const logger: DiagLogger = {
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    verbose: say('verbose'),
  }
  diag.setLogger(logger, { logLevel: level, suppressOverrideMessage: true })
}
