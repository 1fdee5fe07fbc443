import { subscribe } from 'node:diagnostics_channel'
import {
  emitLogLine,
  hasLogSink,
  PINO_LINES,
  recordErrorLog,
  wantsErrorLog,
} from '@callchain/core/internal'
import { type Context, context } from '@opentelemetry/api'

const ERROR = 50

/** What pino publishes about a line that it has just finished. */
interface FinishedLine {
  readonly instance: { readonly levels: { readonly labels: Record<number, string> } }
  readonly arguments: ArrayLike<unknown>
  readonly result?: unknown
}

interface WrittenLine {
  readonly msg?: unknown
  readonly err?: { readonly type?: unknown; readonly message?: unknown }
}

/**
 * Reports the line with these fields once pino has finished it, if it is wanted: to the log sink, and
 * as a span event; `known` is its context, by default the active one. A mixin does not get the message; the finished line has it, redacted as pino was
 * configured. Pino before 9.10 does not publish its lines.
 */
export function awaitLine(fields: object, level: number, known: Context | undefined): void {
  if (hasLogSink() || (level >= ERROR && wantsErrorLog(known))) {
    awaited().set(fields, known ?? context.active())
  }
}

// Stored where another copy of this package finds it: one subscription for each process.
function awaited(): WeakMap<object, Context> {
  const holder = globalThis as { [PINO_LINES]?: WeakMap<object, Context> }
  if (holder[PINO_LINES] === undefined) {
    const lines = new WeakMap<object, Context>()
    holder[PINO_LINES] = lines
    subscribe('tracing:pino_asJson:end', (finished) => reportLine(lines, finished as FinishedLine))
  }
  return holder[PINO_LINES]
}

// A subscriber that throws ends the process.
function reportLine(lines: WeakMap<object, Context>, finished: FinishedLine): void {
  try {
    const fields = finished.arguments[0] as object
    const within = lines.get(fields)
    if (within === undefined) return
    lines.delete(fields)
    emitLogLine({ context: within, line: String(finished.result) })
    if (Number(finished.arguments[2]) >= ERROR && wantsErrorLog(within)) record(finished, within)
  } catch {
    // A line that is not JSON.
  }
}

function record(finished: FinishedLine, within: Context): void {
  const { 1: message, 2: level } = finished.arguments
  const written = JSON.parse(String(finished.result)) as WrittenLine
  recordErrorLog(
    {
      level: finished.instance.levels.labels[Number(level)] ?? String(level),
      message: String(written.msg ?? message ?? ''),
      error: written.err && { name: written.err.type, message: written.err.message },
    },
    within,
  )
}
