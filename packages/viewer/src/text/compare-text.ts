import { durationText } from '../analysis/headline/words.ts'
import { pickRows } from '../analysis/pick-rows.ts'
import type {
  ChangesAnswer,
  ComparedRow,
  ComparedSide,
  Comparison,
  OperationChange,
  OperationSide,
  RowChange,
} from '../contract/comparison.ts'
import { cutTo, fitted, type Ink, inked, oneLine, rightAligned, type TextStyle } from './style.ts'
import { momentText, plural } from './trace-text.ts'

const INKS: Readonly<Record<RowChange, Ink>> = {
  new: 'yellow',
  gone: 'blue',
  repeated: 'yellow',
  fewer: 'green',
  failed: 'red',
  mended: 'green',
  slower: 'yellow',
  faster: 'green',
}
const SIDE = 15

/** Two traces next to each other: what is other in one sentence, and the rows, `most` of them. */
export function comparisonText(compared: Comparison, style: TextStyle, most: number): string {
  const { before, after, of, rows } = compared
  const whole = `${after.root.service} ${after.root.name}`
  const was = before === undefined ? `median of ${plural(of, 'other trace')}` : nameOf(before)
  const weights = rows.map(({ depth, change, before: a, after: b }) => ({
    ...{ depth, weight: (change === undefined ? 0 : 1e9) + Math.abs(b.total - a.total) },
  }))
  const picked = pickRows(weights, most)
  const left = rows.length - picked.length
  return [
    inked(style, 'bold', oneLine(compared.text)),
    `before  ${oneLine(was)}`,
    `after   ${oneLine(`trace ${after.id}, ${whole}, ${momentText(after.start)}`)}`,
    '',
    inked(style, 'dim', headerText(style)),
    ...picked.flatMap((at) => rows[at] ?? []).map((row) => rowText(row, style)),
    ...(left > 0 ? [inked(style, 'dim', `  … ${plural(left, 'more row')}`)] : []),
    '',
  ].join('\n')
}

function nameOf(trace: Comparison['after']): string {
  return `trace ${trace.id}, ${trace.root.service} ${trace.root.name}, ${momentText(trace.start)}`
}

function headerText({ width }: TextStyle): string {
  return `${' '.repeat(nameWidth(width))} ${rightAligned('before', SIDE)} ${rightAligned('after', SIDE)}`
}

function nameWidth(width: number): number {
  return Math.max(20, width - 2 * SIDE - 12)
}

function rowText(row: ComparedRow, style: TextStyle): string {
  const { depth, service, name, statement, before, after, change } = row
  const indent = '  '.repeat(Math.min(depth, 16))
  const what = oneLine(statement ?? name)
  const label = fitted(`${indent}${oneLine(service)}: ${what}`, nameWidth(style.width))
  const sides = [before, after].map((side) => rightAligned(sideText(side), SIDE)).join(' ')
  const line = `${label} ${sides}${change === undefined ? '' : `  ${change}`}`
  return change === undefined ? line : inked(style, INKS[change], line)
}

function sideText({ count, total }: ComparedSide): string {
  if (count === 0) return '—'
  return `${count > 1 ? `${count} × ` : ''}${durationText(total * 1e6)}`
}

/** What changed since a moment, operation by operation, the worst first. */
export function changesText({ since, operations }: ChangesAnswer, style: TextStyle): string {
  const changed = operations.filter(({ changes }) => changes.length > 0)
  const same = operations.length - changed.length
  const lines = changed.flatMap((each) => [...operationLines(each, style), ''])
  const rest = `${plural(same, 'operation')} ${same === 1 ? 'is' : 'are'} as before`
  return [`Since ${momentText(since)}:`, '', ...lines, `${rest}.`, ''].join('\n')
}

function operationLines(each: OperationChange, style: TextStyle): string[] {
  const title = oneLine(`${each.service} ${each.name}`)
  const mark = each.isWorse ? '!' : ' '
  const words = each.changes.join(', ')
  return [
    `${mark} ${inked(style, 'bold', cutTo(title, style.width - 2))}`,
    `  ${each.isWorse ? inked(style, 'yellow', words) : words}`,
    inked(style, 'dim', `  before ${sideWords(each.before)}; after ${sideWords(each.after)}`),
    inked(style, 'dim', `  callchain diff ${each.sample}`),
  ]
}

function sideWords(side: OperationSide | undefined): string {
  if (side === undefined) return 'nothing'
  const { traces, spans, statements, p50, errors } = side
  const failed = errors === 0 ? '' : `, ${errors} failed`
  return `${plural(traces, 'trace')} of ${plural(spans, 'span')}, ${plural(statements, 'statement')}, p50 ${durationText(p50 * 1e6)}${failed}`
}
