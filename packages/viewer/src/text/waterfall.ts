import { foldRuns } from '../analysis/fold-repeated.ts'
import { durationText } from '../analysis/headline/words.ts'
import { pickRows } from '../analysis/pick-rows.ts'
import type { Span, Trace } from '../contract/trace.ts'
import {
  cutTo,
  fitted,
  inked,
  oneLine,
  rightAligned,
  serviceInks,
  type TextStyle,
} from './style.ts'

/** A row of the waterfall: a span, or several of the same that follow one another. */
interface Row {
  readonly span: Span
  readonly count: number
  /** Milliseconds: of all of them. */
  readonly total: number
  /** Milliseconds from the start of the trace. */
  readonly from: number
  readonly to: number
}

interface Layout {
  readonly style: TextStyle
  readonly service: number
  readonly name: number
  /** 0 where the terminal is too narrow for bars. */
  readonly bar: number
  readonly duration: number
  /** Milliseconds of the whole trace. */
  readonly whole: number
  readonly inkOf: ReturnType<typeof serviceInks>
}

const MAX_INDENT = 16
const DURATION = 9
const MIN_WIDTH_WITH_BARS = 70

/** The spans of a trace as rows with bars, `most` of them: those that say most, and what is above them. */
export function waterfallText({ trace, spans }: Trace, style: TextStyle, most: number): string[] {
  const rows = foldRuns(spans, isSame).map(rowOf)
  const weight = (row: Row): number => weightOf(row, trace.headline.span)
  const picked = pickRows(
    rows.map((row) => ({ depth: row.span.depth, weight: weight(row) })),
    most,
  )
  const layout = layoutOf(rows, trace, style)
  const lines: string[] = []
  let next = 0
  for (const at of picked) {
    lines.push(...leftOut(rows.slice(next, at), layout))
    const row = rows[at]
    if (row !== undefined) lines.push(rowText(row, layout))
    next = at + 1
  }
  lines.push(...leftOut(rows.slice(next), layout))
  return lines
}

function leftOut(rows: readonly Row[], { style, service }: Layout): string[] {
  if (rows.length === 0) return []
  const count = rows.reduce((sum, row) => sum + row.count, 0)
  const words = `… ${count} more ${count === 1 ? 'span' : 'spans'}`
  return [inked(style, 'dim', `${' '.repeat(service + 1)}${words}`)]
}

function isSame(a: Span, b: Span): boolean {
  if (a.parent === undefined || a.parent !== b.parent) return false
  if (a.descendants + b.descendants > 0 || a.status === 'error' || b.status === 'error')
    return false
  return (
    a.name === b.name && a.kind === b.kind && a.service === b.service && a.summary === b.summary
  )
}

function rowOf(run: readonly [Span, ...Span[]]): Row {
  const [span] = run
  return {
    span,
    count: run.length,
    total: run.reduce((sum, { duration }) => sum + duration, 0),
    from: Math.min(...run.map(({ offset }) => offset)),
    to: Math.max(...run.map(({ offset, duration }) => offset + duration)),
  }
}

function weightOf({ span, total }: Row, headline: string | undefined): number {
  if (span.id === headline) return Number.POSITIVE_INFINITY
  return (span.status === 'error' ? 1e12 : 0) + total
}

function layoutOf(rows: readonly Row[], trace: Trace['trace'], style: TextStyle): Layout {
  const longest = (of: (row: Row) => string, most: number): number =>
    rows.reduce((found, row) => Math.min(most, Math.max(found, cutTo(of(row), most).length)), 4)
  const service = longest(({ span }) => oneLine(span.service), 16)
  const left = style.width - service - DURATION - 2
  const bar = style.width < MIN_WIDTH_WITH_BARS ? 0 : Math.floor(left * 0.42)
  return {
    ...{ style, service, bar, duration: DURATION, whole: trace.duration },
    name: Math.max(8, bar === 0 ? left : left - bar - 1),
    inkOf: serviceInks(trace.services.map(({ name }) => name)),
  }
}

function rowText(row: Row, layout: Layout): string {
  const { span, count, total } = row
  const { style } = layout
  const isError = span.status === 'error'
  const ink = layout.inkOf(span.service)
  const times = count > 1 ? ` ×${count}` : ''
  const room = layout.name - times.length
  const name = fitted(cutTo(indentOf(span) + nameOf(span), room) + times, layout.name)
  const parts = [
    inked(style, ink, fitted(oneLine(span.service), layout.service)),
    isError ? inked(style, 'red', name) : name,
    ...(layout.bar === 0 ? [] : [inked(style, isError ? 'red' : ink, barText(row, layout))]),
    rightAligned(durationText(total * 1e6), layout.duration),
  ]
  return parts.join(' ').trimEnd()
}

function indentOf({ depth, status }: Span): string {
  const indent = depth > MAX_INDENT ? `${'  '.repeat(MAX_INDENT - 1)}… ` : '  '.repeat(depth)
  return status === 'error' ? `${indent}✗ ` : indent
}

/** The name, with what tells it from others of the name. */
function nameOf(span: Span): string {
  const name = oneLine(span.name)
  const { message } = span
  if (message?.waited !== undefined) return `${name} (waited ${durationText(message.waited * 1e6)})`
  const summary = oneLine(span.summary ?? '')
  if (summary.startsWith(name)) return summary
  return name.includes(summary) ? name : `${name} ${summary}`
}

function barText({ from, to }: Row, { bar, whole }: Layout): string {
  const columnOf = (at: number): number =>
    whole <= 0 ? 0 : Math.min(bar, Math.max(0, Math.round((at / whole) * bar)))
  const start = Math.min(columnOf(from), bar - 1)
  const end = Math.max(start + 1, columnOf(to))
  return fitted(' '.repeat(start) + '━'.repeat(end - start), bar)
}
