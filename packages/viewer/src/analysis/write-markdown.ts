import { attribute, textOf } from '../model/attributes.ts'
import { ERROR, type SpanRow } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { statementOf, summaryOf } from '../trace/span-type.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { describeMessage } from './describe-message.ts'
import { type FoldedRow, foldRepeated } from './fold-repeated.ts'
import { spanTree, type TreeNode } from './span-tree.ts'
import { statementGroups } from './statements.ts'
import { summarise } from './trace-summary.ts'

const MAX_ROWS = 400

/** A trace as Markdown, to paste into an issue: its spans as an indented list, its statements and its errors. */
export function toMarkdown(record: TraceRecord, store: MemoryStore): string {
  const summary = summarise(record, store)
  const nodes = spanTree(record)
  const rows = foldRepeated(nodes)
  const shown = rows.slice(0, MAX_ROWS)
  const title = `${summary.root.service} ${summary.root.name}`
  const lines = [
    `# ${plain(title)}: ${millis(summary.duration)}`,
    '',
    `**${plain(summary.headline.text)}**`,
    '',
    `Trace \`${record.id}\`, ${new Date(summary.start).toISOString()}, ${summary.spans} spans, ` +
      `${summary.errors} errors, services: ${summary.services.map(({ name }) => plain(name)).join(', ')}`,
    '',
    ...shown.map((row) => rowLine(row, record, store)),
  ]
  if (rows.length > MAX_ROWS) lines.push(`- … and ${nodes.length - countOf(shown)} more spans`)
  lines.push(...statementLines(record), ...errorLines(record))
  return `${lines.join('\n')}\n`
}

function countOf(rows: readonly FoldedRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}

/** A span, or how many of the same there were and what they took together. */
function rowLine(
  { node, count, total }: FoldedRow,
  record: TraceRecord,
  store: MemoryStore,
): string {
  const line = spanLine(node, record, store)
  return count === 1 ? line : `${line}, ${count} times in a row, ${millis(total / 1e6)} in all`
}

function spanLine(
  { span, depth, stretch }: TreeNode,
  record: TraceRecord,
  store: MemoryStore,
): string {
  const { name, resource } = span
  const summary = summaryOf(span)
  const extra = name.includes(summary) ? '' : ` (${plain(summary.slice(0, 120))})`
  const mark = span.status === ERROR ? ' **error**' : ''
  const when = `at ${millis(stretch.from / 1e6)}`
  const indent = '  '.repeat(Math.min(depth, 40))
  const took = millis(span.duration / 1e6)
  const waited = describeMessage(span, record, store)?.waited
  const wait = waited === undefined ? '' : `, waited ${millis(waited)} in the queue`
  return `${indent}- ${plain(resource.service)} ${plain(name)}${extra}: ${took} ${when}${wait}${mark}`
}

function statementLines(record: TraceRecord): string[] {
  const { groups } = statementGroups(record.spans, record.duration)
  if (groups.length === 0) return []
  return [
    '',
    '## Statements',
    '',
    ...groups.slice(0, 50).flatMap((group) => {
      const repeated = group.repeated.length > 0 ? ', N+1' : ''
      const what = `${group.count} × ${plain(group.system)}`.trim()
      return [
        `${what}, ${millis(group.total)} in total, ${millis(group.max)} at most${repeated}:`,
        '',
        fenced(group.text, 'sql'),
        '',
      ]
    }),
  ]
}

function errorLines(record: TraceRecord): string[] {
  const failed = record.spans.filter(({ status }) => status === ERROR)
  if (failed.length === 0) return []
  return ['', '## Errors', '', ...failed.slice(0, 20).flatMap(errorLine)]
}

function errorLine(span: SpanRow): string[] {
  const exception = span.events.find(({ name }) => name === 'exception')
  const stack = exception && textOf(attribute(exception, 'exception.stacktrace'))
  const message = exception && textOf(attribute(exception, 'exception.message'))
  const what = span.message || message || statementOf(span)
  const line = `- ${plain(span.resource.service)} ${plain(span.name)}: ${plain(what)}`
  return stack ? [line, '', fenced(stack, 'text'), ''] : [line]
}

/** In a fence that no line of the text can close. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** Text that Markdown shows as it is, on one line. */
function plain(text: string): string {
  return text
    .slice(0, 500)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#]/g, '\\$&')
}

function millis(value: number): string {
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ms`
}
