import { subscribe } from 'node:diagnostics_channel'
import { recordErrorLog, wantsErrorLog } from '@callchain/core'
import type { Context } from '@opentelemetry/api'

/** The level from which on a line of pino's is an error. */
export const PINO_ERROR = 50

const AWAITED = Symbol.for('callchain.logs.pino')

/** What pino tells of a line that it has just finished. */
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
 * Has the line with these fields recorded as a span event once pino has finished it, if its request
 * wants that. A mixin is not told the message; the finished line says it, redacted as pino was asked
 * to. Older pinos than 9.10 do not tell.
 */
export function awaitErrorLine(fields: object, within: Context): void {
  if (wantsErrorLog(within)) awaited().set(fields, within)
}

// Kept where another copy of this package finds it: one subscription a process.
function awaited(): WeakMap<object, Context> {
  const holder = globalThis as { [AWAITED]?: WeakMap<object, Context> }
  if (holder[AWAITED] === undefined) {
    const lines = new WeakMap<object, Context>()
    holder[AWAITED] = lines
    subscribe('tracing:pino_asJson:end', (finished) => record(lines, finished as FinishedLine))
  }
  return holder[AWAITED]
}

// A subscriber that throws ends the process.
function record(lines: WeakMap<object, Context>, finished: FinishedLine): void {
  try {
    const { 0: fields, 1: message, 2: level } = finished.arguments
    const within = lines.get(fields as object)
    if (within === undefined) return
    lines.delete(fields as object)
    const written = JSON.parse(String(finished.result)) as WrittenLine
    recordErrorLog(
      {
        level: finished.instance.levels.labels[Number(level)] ?? String(level),
        message: String(written.msg ?? message ?? ''),
        error: written.err && { name: written.err.type, message: written.err.message },
      },
      within,
    )
  } catch {
    // A line that is no JSON.
  }
}
