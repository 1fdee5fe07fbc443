import type { Context } from '@opentelemetry/api'
import { guard } from './guard.ts'
import { LOG_SINK } from './shared-keys.ts'

/** A line that a traced logger has finished: what it redacts is redacted. */
export interface LogLine {
  /** The context that it was logged in. */
  readonly context: Context
  /** The line as the logger wrote it, JSON, or its fields. */
  readonly line: string | Readonly<Record<string, unknown>>
}

/** Takes lines; must be quick, and keep nothing without bound. */
export type LogSink = (line: LogLine) => void

/** Has the lines of all traced loggers of this process handed to a sink as well; `undefined` ends it. */
export function setLogSink(sink: LogSink | undefined): void {
  Reflect.set(globalThis, LOG_SINK, sink)
}

/** Whether anybody takes lines. */
export function hasLogSink(): boolean {
  return Reflect.get(globalThis, LOG_SINK) !== undefined
}

/** Hands a line to the sink, where there is one. Never throws. */
export function emitLogLine(line: LogLine): void {
  const sink: LogSink | undefined = Reflect.get(globalThis, LOG_SINK)
  if (sink !== undefined) guard('the log sink', () => sink(line))
}
