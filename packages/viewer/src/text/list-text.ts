import { durationText } from '../analysis/headline/words.ts'
import type { ErrorGroup, ErrorsAnswer, SlowAnswer, SlowTrace } from '../contract/findings.ts'
import type { TraceSummary } from '../contract/trace-list.ts'
import { cutTo, fitted, inked, oneLine, rightAligned, type TextStyle } from './style.ts'
import { clockText, headlineText, momentText, plural } from './trace-text.ts'

/** The digits of an id that a list shows; more than enough to find it again. */
const SHORT_ID = 8
const MAX_STATEMENT = 300

/** A trace in one or two lines: when, how long, what, and the sentence when it says more than that. */
export function traceLine(trace: TraceSummary, style: TextStyle): string {
  const isUsual = trace.headline.kind === 'usual'
  const title = oneLine(`${trace.root.service} ${trace.root.name}`)
  const lead = `${clockText(trace.start)} ${rightAligned(durationText(trace.duration * 1e6), 8)}`
  const id = trace.id.slice(0, SHORT_ID)
  const facts = [
    plural(trace.spans, 'span'),
    ...(trace.httpStatus === undefined ? [] : [`HTTP ${trace.httpStatus}`]),
    ...trace.tenants.map(oneLine),
  ].join(', ')
  const mark = isUsual ? ' ' : trace.headline.kind === 'failed' ? '✗' : '!'
  const room = Math.max(20, style.width - lead.length - id.length - facts.length - 7)
  const first = `${mark} ${lead}  ${inked(style, 'bold', cutTo(title, room))} ${inked(style, 'dim', `${facts} ${id}`)}`
  return isUsual ? first : `${first}\n    ${headlineText(trace.headline, style)}`
}

/** The kinds of errors, each with how often, the newest trace and its statement. */
export function errorsText({ errors, more, matched }: ErrorsAnswer, style: TextStyle): string {
  if (errors.length === 0) return 'No trace has an error.\n'
  const lines = errors.flatMap((group) => [...errorLines(group, style), ''])
  const rest = more > 0 ? `, ${more} not shown (--limit)` : ''
  return [
    ...lines,
    `${plural(errors.length + more, 'kind')} of errors in ${plural(matched, 'trace')}${rest}.`,
    '',
  ].join('\n')
}

function errorLines(group: ErrorGroup, style: TextStyle): string[] {
  const survived = group.traces - group.failed
  const outcome = survived === 0 ? '' : `, ${survived} of them survived it`
  return [
    `${inked(style, 'red', `✗ ${oneLine(group.text)}`)}`,
    `  ${plural(group.count, 'time')} in ${plural(group.traces, 'trace')}${outcome}, last ${momentText(group.last)}`,
    ...statementLine(group.statement),
    inked(
      style,
      'dim',
      `  callchain trace ${group.sample.trace.slice(0, SHORT_ID)}  (${oneLine(group.root)})`,
    ),
  ]
}

/** The traces that took the most time beyond what is usual, each with its sentence and its statement. */
export function slowText({ traces }: SlowAnswer, style: TextStyle): string {
  if (traces.length === 0) return 'No trace is here yet.\n'
  return `${traces.flatMap((each) => [...slowLines(each, style), '']).join('\n')}`
}

function slowLines({ trace, usual, statement }: SlowTrace, style: TextStyle): string[] {
  const title = oneLine(`${trace.root.service} ${trace.root.name}`)
  const took = rightAligned(durationText(trace.duration * 1e6), 8)
  const of = usual === undefined ? 'median not known' : `median ${durationText(usual * 1e6)}`
  const room = Math.max(20, style.width - 46)
  return [
    `${inked(style, 'bold', took)}  ${fitted(of, 18)} ${cutTo(title, room)} ${inked(style, 'dim', trace.id.slice(0, SHORT_ID))}`,
    `          ${headlineText(trace.headline, style)}`,
    ...statementLine(statement).map((line) => `        ${line}`),
  ]
}

function statementLine(statement: string | undefined): string[] {
  return statement === undefined ? [] : [`  ${cutTo(oneLine(statement), MAX_STATEMENT)}`]
}
