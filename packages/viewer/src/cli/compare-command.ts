import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Mark } from '../contract/comparison.ts'
import { changesText, comparisonText } from '../text/compare-text.ts'
import { momentText } from '../text/trace-text.ts'
import { agoOf, type OwnOptions, READING_HELP, type ReadingOptions } from './reading-options.ts'
import { print, screenStyle } from './screen.ts'
import { connect } from './viewer-client.ts'

/** What `callchain mark --help` prints. */
export const MARK_HELP: string = `Marks this moment, to see with "callchain changes" what came before it and what after.

Usage
  callchain mark [name]

Options
${READING_HELP}`

/** What `callchain changes --help` prints. */
export const CHANGES_HELP: string = `Says, operation by operation, what is other since a moment: spans, statements, p50, errors.

Usage
  callchain mark                mark the moment, change the code, send the traffic again
  callchain changes [query]     as in: callchain changes root.service=orders

Options
  --since <moment>      the name of a mark, or a time ago: 30s, 5m, 2h (the newest mark)
  --last <time>         only what began in the last 30s, 5m, 2h
${READING_HELP}`

/** The options of `callchain changes` alone. */
export const CHANGES_OPTIONS: OwnOptions = {
  since: { type: 'string' },
  last: { type: 'string' },
}

/** The options of `callchain diff` of two traces alone. */
export const DIFF_TRACES_OPTIONS: OwnOptions = { all: { type: 'boolean' } }

const MAX_ROWS = 60
const ID = /^(?:[\da-f]{3,32}|latest)$/i

/** Whether `callchain diff` is asked about traces of a viewer: what it is given looks like ids, and is not a file. */
export function isOfTraces(args: readonly string[]): boolean {
  const { positionals } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, host: { type: 'string' }, token: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  })
  return (
    positionals.length > 0 &&
    positionals.length <= 2 &&
    positionals.every((each) => ID.test(each) && !existsSync(each))
  )
}

/** Prints two traces next to each other, or one next to the median of its operation. */
export async function diffTracesCommand(options: ReadingOptions): Promise<void> {
  const [first = '', second] = options.positionals
  const viewer = await connect(options)
  const compared = await viewer.read('traces/{id}/compare', {
    id: second ?? first,
    with: second === undefined ? '' : first,
  })
  const most = options.own.all === true ? Number.POSITIVE_INFINITY : MAX_ROWS
  print(options.isJson, compared, () => comparisonText(compared, screenStyle(), most))
}

/** Marks this moment. */
export async function markCommand(options: ReadingOptions): Promise<void> {
  const viewer = await connect(options)
  const search = new URLSearchParams({ name: options.positionals.join(' ') })
  const response = await viewer.ask(`/api/local/marks?${search}`, { method: 'POST' })
  const mark = (await response.json()) as Mark
  const words = `Marked ${momentText(mark.time)} as "${mark.name}". Then: callchain changes\n`
  print(options.isJson, mark, () => words)
}

/** Prints what changed since a moment. */
export async function changesCommand(options: ReadingOptions): Promise<void> {
  const { own, positionals } = options
  const since = typeof own.since === 'string' ? own.since : ''
  const answer = await (await connect(options)).read('changes', {
    q: positionals.join(' '),
    since: /^\d+(?:s|m|h)$/.test(since) ? agoOf('--since', since) : since,
    from: agoOf('--last', typeof own.last === 'string' ? own.last : undefined),
  })
  print(options.isJson, answer, () => changesText(answer, screenStyle()))
}
