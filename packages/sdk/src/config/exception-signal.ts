import type { Environment } from './environment.ts'

/** Where exceptions go besides, or in place of, events of spans. */
export type ExceptionSignal = 'logs' | 'logs/dup'

/** What `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN` asks for; nothing, with a warning, where no log records are sent. */
export function readExceptionSignal(
  environment: Environment,
  sendsLogs: boolean,
): ExceptionSignal | undefined {
  const name = 'OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN'
  const signal = environment.choice(name, ['logs', 'logs/dup'], 'logs' as ExceptionSignal)
  if (signal === undefined || sendsLogs) return signal
  environment.tell(`${name} needs logs: 'otlp' or OTEL_LOGS_EXPORTER=otlp; without effect`)
  return undefined
}
