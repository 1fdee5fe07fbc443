import type { StreamEvents } from '../contract/stream.ts'
import type { TraceSummary } from '../contract/trace-list.ts'
import { traceLine } from '../text/list-text.ts'
import { readEvents } from './event-stream.ts'
import { ExitError, STOP_SIGNALS } from './exit.ts'
import { SELECTION_OPTIONS, selectionOf } from './findings-command.ts'
import { createQuietTraces } from './quiet-traces.ts'
import { type OwnOptions, READING_HELP, type ReadingOptions } from './reading-options.ts'
import { screenStyle } from './screen.ts'
import { connect, type ViewerClient } from './viewer-client.ts'

/** What `callchain tail --help` prints. */
export const TAIL_HELP: string = `Lists the last traces, and then each new one as it comes, until Ctrl-C.

Usage
  callchain tail [query]        as in: callchain tail tenant=acme

Options
  --once                list the last ones and end
  --last <time>         only what began in the last 30s, 5m, 2h
  --limit <number>      list at most this many at first (10)
${READING_HELP}`

/** The options of `callchain tail` alone. */
export const TAIL_OPTIONS: OwnOptions = { ...SELECTION_OPTIONS, once: { type: 'boolean' } }

const FIRST = 10

/** Prints traces as they come. */
export async function tailCommand(options: ReadingOptions): Promise<void> {
  const selection = selectionOf(options)
  const viewer = await connect(options)
  const say = (trace: TraceSummary): void => {
    const line = options.isJson ? JSON.stringify(trace) : traceLine(trace, screenStyle())
    process.stdout.write(`${line}\n`)
  }
  const { traces } = await viewer.read('traces', { ...selection, limit: selection.limit ?? FIRST })
  for (const trace of [...traces].reverse()) say(trace)
  if (options.own.once !== true) await follow(viewer, selection.q || '', say)
}

async function follow(
  viewer: ViewerClient,
  query: string,
  say: (trace: TraceSummary) => void,
): Promise<void> {
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  for (const signal of STOP_SIGNALS) process.once(signal, onSignal)
  // A reader that has gone, as `head` does, is no longer written to.
  process.stdout.once('error', onSignal)
  const quiet = createQuietTraces(say)
  try {
    await listen(viewer, query, stop.signal, (trace) => quiet.note(trace))
    throw new ExitError(1, `The viewer at ${viewer.url} has ended.`)
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    quiet.end()
    for (const signal of STOP_SIGNALS) process.removeListener(signal, onSignal)
    process.stdout.removeListener('error', onSignal)
  }
}

async function listen(
  viewer: ViewerClient,
  query: string,
  signal: AbortSignal,
  note: (trace: TraceSummary) => void,
): Promise<void> {
  const search = new URLSearchParams({ topics: 'traces', q: query })
  const { body } = await viewer.ask(`/api/local/stream?${search}`, { signal })
  if (body === null) return
  try {
    for await (const { name, data } of readEvents(body))
      if (name === 'traces') for (const trace of readTraces(data)) note(trace)
  } catch (error) {
    if (signal.aborted) throw error
    // It was cut off: the viewer has ended.
  }
}

function readTraces(data: string): readonly TraceSummary[] {
  const event = JSON.parse(data) as StreamEvents['traces']
  return [...event.traces].reverse()
}
