import { traceText } from '../text/trace-text.ts'
import { type OwnOptions, READING_HELP, type ReadingOptions } from './reading-options.ts'
import { print, screenStyle } from './screen.ts'
import { connect } from './viewer-client.ts'

/** What `callchain trace --help` prints. */
export const TRACE_HELP: string = `Shows one trace: what happened in one sentence, and its spans as a waterfall.

Usage
  callchain trace <id>          an id, the first digits of one, or "latest"

Options
  --all                 all spans and log lines, however many there are
  --markdown            as Markdown, to paste
${READING_HELP}`

/** The options of `callchain trace` alone. */
export const TRACE_OPTIONS: OwnOptions = {
  all: { type: 'boolean' },
  markdown: { type: 'boolean' },
}

const MAX_ROWS = 60
const MAX_LOGS = 12

/** Prints one trace. */
export async function traceCommand(options: ReadingOptions): Promise<void> {
  const id = idOf(options.positionals)
  if (options.isJson && options.own.markdown === true)
    throw new TypeError('--markdown and --json exclude each other.')
  const viewer = await connect(options)
  if (options.own.markdown === true) {
    const path = `/api/local/traces/${encodeURIComponent(id)}.md`
    process.stdout.write(await (await viewer.ask(path)).text())
    return
  }
  const trace = await viewer.read('traces/{id}', { id })
  const { logs } = await viewer.read('traces/{id}/logs', { id: trace.trace.id })
  const most = options.own.all === true ? Number.POSITIVE_INFINITY : undefined
  const limits = { rows: most ?? MAX_ROWS, logs: most ?? MAX_LOGS }
  print(options.isJson, { ...trace, logs }, () => traceText(trace, logs, screenStyle(), limits))
}

function idOf([id, ...others]: readonly string[]): string {
  if (id === undefined || others.length > 0)
    throw new TypeError(
      'callchain trace needs one id: callchain trace 4bf92f35, or callchain trace latest.',
    )
  if (/^(?:[\da-f]{1,32}|latest)$/i.test(id)) return id
  throw new TypeError(`"${id}" is not the id of a trace: it has up to 32 hexadecimal digits.`)
}
