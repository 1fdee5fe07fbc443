import { emitLogLine, HANDS_ON_LINES, hasLogSink, LINE_CONTEXT } from '@callchain/core/internal'
import { type Context, context, ROOT_CONTEXT } from '@opentelemetry/api'

interface Root {
  [HANDS_ON_LINES]?: boolean
  on(event: 'data', listener: (info: Record<string | symbol, unknown>) => void): unknown
}

/**
 * Reports a winston line to the log sink, if there is one, once its formats have run: what they remove
 * must not be seen.
 */
export function awaitLine(logger: object, info: unknown): void {
  if (!hasLogSink() || typeof info !== 'object' || info === null) return
  // Not enumerable, or writers would show it. A format that makes a new object loses it; then
  // the trace is in the fields only.
  Object.defineProperty(info, LINE_CONTEXT, { value: context.active(), enumerable: false })
  const root = rootOf(logger)
  if (root === undefined || root[HANDS_ON_LINES]) return
  root[HANDS_ON_LINES] = true
  root.on('data', (finished) => {
    const within = finished[LINE_CONTEXT] as Context | undefined
    emitLogLine({ context: within ?? ROOT_CONTEXT, line: finished })
  })
}

/** The stream itself, which child loggers inherit from. */
function rootOf(logger: object): Root | undefined {
  for (let at: object | null = logger; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, '_readableState')) return at as Root
  }
  return undefined
}
