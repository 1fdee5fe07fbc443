import { attribute, textOf } from '../model/attributes.ts'
import { ERROR, type SpanRow } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { statementOf } from '../trace/span-type.ts'
import { factsOf } from '../trace/trace-facts.ts'
import { spanOf, type TraceRecord } from '../trace/trace-record.ts'
import { whatOf } from './headline/words.ts'
import { logLine } from './log-line.ts'
import { fenced, millis, plain } from './markdown-text.ts'
import { statementGroups } from './statements.ts'

/** How much of each part is written. */
interface Most {
  readonly attributes: number
  readonly statements: number
  readonly errors: number
  readonly logs: number
  /** Characters of one text. */
  readonly text: number
}

// What says nothing about this request, or stands elsewhere already.
const NOISE =
  /^(?:thread\.|network\.|net\.|otel\.|telemetry\.|user_agent|http\.(?:user_agent|flavor|scheme)|url\.scheme|client\.|server\.port|exception\.|error\.stack|db\.(?:query\.text|statement|system))/

/** The attributes of the root, and of the span that the sentence is about. */
export function attributeLines(
  record: TraceRecord,
  headline: string | undefined,
  { attributes }: Most,
): string[] {
  const { root } = factsOf(record)
  const about = headline === undefined ? undefined : spanOf(record, headline)
  const spans = [root, about === root ? undefined : about].filter((span) => span !== undefined)
  const lines = spans.flatMap((span) => {
    const said = attributesOf(span, attributes)
    const title = `${plain(span.resource.service, 60)} ${plain(whatOf(span), 120)}`
    return said.length === 0 ? [] : [`- ${title}: ${said.join(', ')}`]
  })
  return lines.length === 0 ? [] : ['', '## Attributes', '', ...lines]
}

function attributesOf(span: SpanRow, most: number): string[] {
  const said: string[] = []
  for (const key of span.shape.keys) {
    const text = textOf(attribute(span, key))
    if (text === '' || NOISE.test(key)) continue
    said.push(`${plain(key, 60)}=${plain(text, 100)}`)
    if (said.length >= most) break
  }
  return said
}

/** The statements, equal ones together, the most time first. */
export function statementLines(record: TraceRecord, { statements, text }: Most): string[] {
  const { groups } = statementGroups(record.spans, record.duration)
  if (groups.length === 0) return []
  const left = groups.length - statements
  return [
    '',
    '## Statements',
    '',
    ...groups.slice(0, statements).flatMap((group) => {
      const repeated = group.repeated.length > 0 ? ', N+1' : ''
      const what = `${group.count} × ${plain(group.system)}`.trim()
      return [
        `${what}, ${millis(group.total)} in total, ${millis(group.max)} at most${repeated}:`,
        '',
        fenced(group.text, 'sql', text),
        '',
      ]
    }),
    ...(left > 0 ? [`… and ${left} other statements`] : []),
  ]
}

/** The failed spans, those where the errors began first, with their stacks. */
export function errorLines(record: TraceRecord, { errors, text }: Most): string[] {
  const { origins } = factsOf(record)
  const failed = record.spans.filter(({ status }) => status === ERROR)
  if (failed.length === 0) return []
  const others = failed.filter((span) => !origins.has(span))
  const sorted = [...origins, ...others]
  const left = sorted.length - errors
  return [
    ...['', '## Errors', ''],
    ...sorted.slice(0, errors).flatMap((span) => errorLine(span, text)),
    ...(left > 0 ? [`- … and ${left} more failed spans`] : []),
  ]
}

function errorLine(span: SpanRow, most: number): string[] {
  const exception = span.events.find(({ name }) => name === 'exception')
  const stack = exception && textOf(attribute(exception, 'exception.stacktrace'))
  const message = exception && textOf(attribute(exception, 'exception.message'))
  const what = span.message || message || statementOf(span)
  const line = `- ${plain(span.resource.service, 60)} ${plain(span.name, 200)}: ${plain(what, most)}`
  return stack ? [line, '', fenced(stack, 'text', most), ''] : [line]
}

const SEVERE = 13

/** The log lines in order of time; where there are too many, warnings and errors stay. */
export function logLines(record: TraceRecord, store: MemoryStore, { logs, text }: Most): string[] {
  const lines = [...store.logs.ofTrace(record.id)]
  if (lines.length === 0) return []
  const bySeverity = (severity: number): number => (severity >= SEVERE ? severity : 0)
  const shown = lines
    .sort(
      (a, b) =>
        bySeverity(b.row.severity) - bySeverity(a.row.severity) || a.row.micros - b.row.micros,
    )
    .slice(0, logs)
    .sort((a, b) => a.row.micros - b.row.micros)
    .map((line) => logLine(line))
  const left = lines.length - shown.length
  return [
    ...['', '## Log lines', ''],
    ...shown.map(({ time, level = '', service, body }) => {
      const said = typeof body === 'string' ? body : JSON.stringify(body)
      const when = millis(Math.max(0, time - record.start / 1000))
      return `- ${when} ${`${level} ${plain(service, 60)}`.trim()}: ${plain(said, Math.min(400, text))}`
    }),
    ...(left > 0 ? [`- … and ${left} more lines`] : []),
  ]
}
