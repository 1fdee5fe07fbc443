import { durationText } from '../analysis/headline/words.ts'
import type { LogLine } from '../contract/logs.ts'
import type { Span, Trace } from '../contract/trace.ts'
import type { Headline, TraceSummary } from '../contract/trace-list.ts'
import { cutTo, type Ink, inked, linesOf, oneLine, type TextStyle } from './style.ts'
import { waterfallText } from './waterfall.ts'

/** The most that is written of a trace. */
export interface TraceTextLimits {
  readonly rows: number
  readonly logs: number
}

const MAX_STATEMENT_LINES = 20
const INKS: Readonly<Partial<Record<Headline['kind'], Ink>>> = {
  failed: 'red',
  handled: 'yellow',
  repeated: 'yellow',
  waited: 'yellow',
  slow: 'yellow',
  incomplete: 'yellow',
}

/** One trace for a terminal: its sentence, its facts, its waterfall, the statement it is about, its log lines. */
export function traceText(
  trace: Trace,
  logs: readonly LogLine[],
  style: TextStyle,
  limits: TraceTextLimits,
): string {
  const culprit = trace.spans.find(({ id }) => id === trace.trace.headline.span)
  return [
    headlineText(trace.trace.headline, style),
    factsText(trace.trace, style),
    '',
    ...waterfallText(trace, style, limits.rows),
    ...statementText(culprit, style),
    ...logsText(logs, trace.trace.start, style, limits.logs),
    '',
  ].join('\n')
}

/** The one sentence on what happened. */
export function headlineText({ kind, text }: Headline, style: TextStyle): string {
  const ink = INKS[kind]
  const line = oneLine(text)
  return ink === undefined ? line : inked(style, ink, line)
}

/** When it was, in the time of this machine: `2026-11-29 12:00:01.123`. */
export function momentText(millis: number): string {
  return `${dayText(millis)} ${clockText(millis)}`
}

function dayText(millis: number): string {
  const date = new Date(millis)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The time of the day: `12:00:01.123`. */
export function clockText(millis: number): string {
  const date = new Date(millis)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

function factsText(trace: TraceSummary, style: TextStyle): string {
  const { root } = trace
  const facts = [
    durationText(trace.duration * 1e6),
    momentText(trace.start),
    plural(trace.spans, 'span'),
    ...(trace.statements > 0 ? [plural(trace.statements, 'statement')] : []),
    ...(trace.httpStatus === undefined ? [] : [`HTTP ${trace.httpStatus}`]),
    ...(trace.errors > 0 ? [plural(trace.errors, 'error')] : []),
    ...trace.tenants.map((tenant) => `tenant ${oneLine(tenant)}`),
    ...trace.users.map((user) => `user ${oneLine(user)}`),
  ]
  const title = inked(style, 'bold', oneLine(`${root.service} ${root.name}`))
  return `${title}  ${facts.join('  ')}\n${inked(style, 'dim', `trace ${trace.id}`)}`
}

function statementText(span: Span | undefined, style: TextStyle): string[] {
  const text = span?.sql?.text ?? ''
  if (text === '') return []
  const lines = linesOf(text)
  const shown = lines.slice(0, MAX_STATEMENT_LINES)
  const more = lines.length > shown.length ? ['  …'] : []
  return [
    '',
    inked(style, 'bold', 'Statement'),
    ...shown.map((line) => `  ${cutTo(line, Math.max(style.width * 8, 200))}`),
    ...more,
  ]
}

function logsText(
  logs: readonly LogLine[],
  start: number,
  style: TextStyle,
  most: number,
): string[] {
  if (logs.length === 0 || most === 0) return []
  const shown = logs.slice(0, most)
  const more = logs.length - shown.length
  return [
    '',
    inked(style, 'bold', 'Log lines'),
    ...shown.map((line) => logText(line, start, style)),
    ...(more > 0 ? [inked(style, 'dim', `  … ${plural(more, 'more line', 'more lines')}`)] : []),
  ]
}

function logText(line: LogLine, start: number, style: TextStyle): string {
  const body = typeof line.body === 'string' ? line.body : JSON.stringify(line.body)
  const offset = durationText(Math.max(0, line.time - start) * 1e6)
  const level = (line.level ?? '').toUpperCase().padEnd(5)
  const ink = line.level === 'error' || line.level === 'fatal' ? 'red' : 'dim'
  const lead = `  ${offset.padStart(8)}  `
  const rest = ` ${oneLine(line.service)}: ${oneLine(body)}`
  return `${lead}${inked(style, ink, level)}${cutTo(rest, Math.max(20, style.width - lead.length - 5))}`
}

/** A count with its noun. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
