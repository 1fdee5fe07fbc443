import type { WholeSpan } from '../../src/contract/trace.ts'
import type { Attributes, Value } from '../../src/contract/value.ts'
import { bodyText } from '../format/body-text.ts'
import { duration } from '../format/duration.ts'

/** A span as JSON, as the API has it. */
export function spanJson(span: WholeSpan): string {
  return JSON.stringify(span, null, 2)
}

/** A span as lines of text, to paste into a message. */
export function spanPlain(span: WholeSpan, trace: string): string {
  return [
    `${span.service} ${span.name} (${span.kind}), ${duration(span.duration)}, ${stateOf(span)}`,
    `trace ${trace}, span ${span.id}`,
    ...(span.sql?.text ? ['', span.sql.text] : []),
    '',
    ...lines(span.attributes).map(([key, value]) => `${key}: ${value}`),
    ...events(span).flatMap(([title, stack]) => ['', title, ...(stack === '' ? [] : [stack])]),
  ].join('\n')
}

/** A span as Markdown, to paste into an issue. */
export function spanMarkdown(span: WholeSpan, trace: string): string {
  return [
    `### ${oneLine(span.service)} ${code(span.name)}, ${duration(span.duration)}, ${stateOf(span)}`,
    '',
    `Trace ${code(trace)}, span ${code(span.id)}, kind ${span.kind}`,
    ...(span.sql?.text ? ['', fenced(span.sql.text, 'sql')] : []),
    '',
    ...lines(span.attributes).map(([key, value]) => `- ${code(key)}: ${code(value)}`),
    ...events(span).flatMap(([title, stack]) => [
      '',
      `**Event** ${code(title)}`,
      ...(stack === '' ? [] : ['', fenced(stack, '')]),
    ]),
  ].join('\n')
}

function stateOf({ status, statusMessage }: WholeSpan): string {
  if (status !== 'error') return 'no error'
  return statusMessage === undefined ? 'error' : `error: ${oneLine(statusMessage)}`
}

/** The attributes except the statement, which has its own section. */
function lines(attributes: Attributes): [string, string][] {
  return Object.entries(attributes)
    .filter(([key]) => key !== 'db.query.text' && key !== 'db.statement')
    .map(([key, value]): [string, string] => [key, oneLine(bodyText(value))])
    .sort(([a], [b]) => a.localeCompare(b))
}

function events({ events: all = [] }: WholeSpan): [string, string][] {
  return all.map(({ name, offset, attributes = {} }) => {
    const words = [attributes['exception.type'], attributes['exception.message']].filter(isText)
    const title = words.length > 0 ? oneLine(words.join(': ')) : name
    const stack = attributes['exception.stacktrace']
    return [`${title} at +${duration(offset)}`, isText(stack) ? stack : '']
  })
}

function isText(value: Value | undefined): value is string {
  return typeof value === 'string'
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Text between more backticks than it has itself. */
function code(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1)
  return `${ticks}${/^`|`$/.test(text) ? ` ${oneLine(text)} ` : oneLine(text)}${ticks}`
}

function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}${language}\n${text}\n${fence}`
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
}
