import type { SelectionParameters } from '../contract/local-api.ts'
import { errorsText, slowText } from '../text/list-text.ts'
import { wholeNumber } from './option-values.ts'
import { agoOf, type OwnOptions, READING_HELP, type ReadingOptions } from './reading-options.ts'
import { print, screenStyle } from './screen.ts'
import { connect } from './viewer-client.ts'

const SELECTION_HELP = `  --last <time>         only what began in the last 30s, 5m, 2h
  --limit <number>      at most this many (20)`

/** What `callchain errors --help` prints. */
export const ERRORS_HELP: string = `Lists what fails: where each error began, how often, and the statement that failed.

Usage
  callchain errors [query]      as in: callchain errors service:orders tenant=acme

Options
${SELECTION_HELP}
${READING_HELP}`

/** What `callchain slow --help` prints. */
export const SLOW_HELP: string = `Lists the traces that took the most time beyond the median of their operation, and why.

Usage
  callchain slow [query]        as in: callchain slow root.name="POST /orders"

Options
${SELECTION_HELP}
${READING_HELP}`

/** The options of the commands that select traces. */
export const SELECTION_OPTIONS: OwnOptions = { last: { type: 'string' }, limit: { type: 'string' } }

/** Prints the kinds of errors. */
export async function errorsCommand(options: ReadingOptions): Promise<void> {
  const selection = selectionOf(options)
  const answer = await (await connect(options)).read('errors', selection)
  print(options.isJson, answer, () => errorsText(answer, screenStyle()))
}

/** Prints the slow traces. */
export async function slowCommand(options: ReadingOptions): Promise<void> {
  const selection = selectionOf(options)
  const answer = await (await connect(options)).read('slow', selection)
  print(options.isJson, answer, () => slowText(answer, screenStyle()))
}

/** What is asked for of many traces. @throws TypeError with one sentence when it is not understood */
export function selectionOf({ own, positionals }: ReadingOptions): SelectionParameters {
  const [last, limit] = [own.last, own.limit].map((each) =>
    typeof each === 'string' ? each : undefined,
  )
  return {
    q: positionals.join(' '),
    from: agoOf('--last', last),
    limit: wholeNumber('--limit', limit, 1, 1000),
  }
}
