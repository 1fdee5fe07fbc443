import { writeFile } from 'node:fs/promises'
import { traceText } from '../text/trace-text.ts'
import { ExitError } from './exit.ts'
import { type OwnOptions, READING_HELP, type ReadingOptions } from './reading-options.ts'
import { print, screenStyle } from './screen.ts'
import { connect, type ViewerClient } from './viewer-client.ts'

/** What `callchain trace --help` prints. */
export const TRACE_HELP: string = `Shows one trace: what happened in one sentence, and its spans as a waterfall.

Usage
  callchain trace <id>          an id, the first digits of one, or "latest"

Options
  --all                 all spans and log lines, however many there are
  --markdown            as Markdown, to paste, 8 KiB at most
  --html <file>         as one HTML file with the page in it, to be opened anywhere
${READING_HELP}`

/** The options of `callchain trace` alone. */
export const TRACE_OPTIONS: OwnOptions = {
  all: { type: 'boolean' },
  markdown: { type: 'boolean' },
  html: { type: 'string' },
}

const MAX_ROWS = 60
const MAX_LOGS = 12

/** Prints one trace. */
export async function traceCommand(options: ReadingOptions): Promise<void> {
  const id = idOf(options.positionals)
  const { markdown, html } = options.own
  const forms = { json: options.isJson, markdown: markdown === true, html: html !== undefined }
  const chosen = Object.entries(forms).flatMap(([form, isChosen]) =>
    isChosen ? [`--${form}`] : [],
  )
  if (chosen.length > 1) throw new TypeError(`${chosen.join(' and ')} exclude each other.`)
  if (html === '') throw new TypeError('--html must name a file, not "".')
  const viewer = await connect(options)
  const path = `/api/local/traces/${encodeURIComponent(id)}`
  if (markdown === true) return void process.stdout.write(await textAt(viewer, `${path}.md`))
  if (typeof html === 'string') return writeHtml(await textAt(viewer, `${path}.html`), html)
  const trace = await viewer.read('traces/{id}', { id })
  const { logs } = await viewer.read('traces/{id}/logs', { id: trace.trace.id })
  const most = options.own.all === true ? Number.POSITIVE_INFINITY : undefined
  const limits = { rows: most ?? MAX_ROWS, logs: most ?? MAX_LOGS }
  print(options.isJson, { ...trace, logs }, () => traceText(trace, logs, screenStyle(), limits))
}

async function textAt(viewer: ViewerClient, path: string): Promise<string> {
  return (await viewer.ask(path)).text()
}

async function writeHtml(text: string, file: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ExitError(1, `${file} cannot be written: ${reason}`, { cause: error })
  }
  const kilobytes = Math.ceil(Buffer.byteLength(text) / 1000)
  process.stdout.write(`${file}: ${kilobytes} kB, to be opened in any browser.\n`)
}

function idOf([id, ...others]: readonly string[]): string {
  if (id === undefined || others.length > 0)
    throw new TypeError(
      'callchain trace needs one id: callchain trace 4bf92f35, or callchain trace latest.',
    )
  if (/^(?:[\da-f]{1,32}|latest)$/i.test(id)) return id
  throw new TypeError(`"${id}" is not the id of a trace: it has up to 32 hexadecimal digits.`)
}
