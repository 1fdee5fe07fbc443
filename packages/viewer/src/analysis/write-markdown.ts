import { ERROR } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { foldRepeated } from './fold-repeated.ts'
import { attributeLines, errorLines, logLines, statementLines } from './markdown-parts.ts'
import { rowLine } from './markdown-row.ts'
import { millis, plain } from './markdown-text.ts'
import { pickRows } from './pick-rows.ts'
import { spanTree } from './span-tree.ts'
import { summarise } from './trace-summary.ts'

/** Bytes: what an issue, a chat or the window of a model takes without harm. */
const MAX_BYTES = 8192

/** How much of each part is written; the first that fits is taken. */
const LEVELS = [
  { rows: 400, attributes: 16, statements: 50, errors: 20, logs: 50, text: 4000 },
  { rows: 120, attributes: 12, statements: 12, errors: 8, logs: 25, text: 1200 },
  { rows: 60, attributes: 10, statements: 8, errors: 5, logs: 15, text: 600 },
  { rows: 30, attributes: 8, statements: 5, errors: 3, logs: 10, text: 400 },
  { rows: 15, attributes: 5, statements: 3, errors: 2, logs: 5, text: 200 },
] as const

type Level = (typeof LEVELS)[number]

/**
 * A trace as Markdown, to paste into an issue or for a model: what happened, its spans as an indented list with
 * repeated ones folded, the attributes of the span to look at, statements, errors and log lines. At most 8 KiB:
 * of a large trace, the parts that say most.
 */
export function toMarkdown(record: TraceRecord, store: MemoryStore): string {
  const write = writerOf(record, store)
  let text = ''
  for (const level of LEVELS) {
    text = write(level)
    if (Buffer.byteLength(text) <= MAX_BYTES) return text
  }
  return `${cutToBytes(text, MAX_BYTES - 8)}\n…\n`
}

function writerOf(record: TraceRecord, store: MemoryStore): (level: Level) => string {
  const summary = summarise(record, store)
  const { headline, root } = summary
  const rows = foldRepeated(spanTree(record))
  const weights = rows.map(({ node: { span, depth }, total }) => {
    const weight = span.id === headline.span ? Number.POSITIVE_INFINITY : total
    return { depth, weight: span.status === ERROR ? 1e18 + weight : weight }
  })
  return (level) => {
    const shown = pickRows(weights, level.rows).flatMap((at) => rows[at] ?? [])
    const left = record.spans.length - shown.reduce((sum, { count }) => sum + count, 0)
    const lines = [
      `# ${plain(`${root.service} ${root.name}`)}: ${millis(summary.duration)}`,
      '',
      `**${plain(headline.text)}**`,
      '',
      `Trace \`${record.id}\`, ${new Date(summary.start).toISOString()}, ${summary.spans} spans, ` +
        `${summary.errors} errors, services: ${servicesOf(summary.services)}`,
      '',
      ...shown.map((row) => rowLine(row, record, store)),
      ...(left > 0 ? [`- … and ${left} more spans`] : []),
      ...attributeLines(record, headline.span, level),
      ...statementLines(record, level),
      ...errorLines(record, level),
      ...logLines(record, store, level),
    ]
    return `${lines.join('\n')}\n`
  }
}

const MAX_SERVICES = 20

function servicesOf(services: readonly { readonly name: string }[]): string {
  const more = services.length > MAX_SERVICES ? ', …' : ''
  return `${services
    .slice(0, MAX_SERVICES)
    .map(({ name }) => plain(name))
    .join(', ')}${more}`
}

/** Whole characters of at most this many bytes. */
function cutToBytes(text: string, most: number): string {
  return Buffer.from(text)
    .subarray(0, most)
    .toString('utf8')
    .replace(/\ufffd+$/, '')
}
