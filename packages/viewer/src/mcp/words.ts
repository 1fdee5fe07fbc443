import { durationText } from '../analysis/headline/words.ts'
import type { Operation } from '../contract/figures.ts'
import type { ErrorGroup, Finding } from '../contract/findings.ts'
import type { LogLine } from '../contract/logs.ts'

const MAX_STATEMENT = 2000
const MAX_LINE = 500

/** An answer of several parts. */
export function whole(first: string, parts: readonly string[]): string {
  return [first, ...parts].join('\n\n')
}

/** A kind of error. */
export function errorWords(group: ErrorGroup): string {
  const survived = group.traces - group.failed
  const outcome = survived === 0 ? '' : `; ${survived} of the traces survived it`
  return [
    `${oneLine(group.text)}`,
    `  ${group.count} times in ${group.traces} traces, last at ${momentWords(group.last)}${outcome}`,
    `  newest: trace ${group.sample.trace}, span ${group.sample.span}, of ${oneLine(group.root)}`,
    ...statementWords(group.statement),
  ].join('\n')
}

/** A trace worth a look. */
export function findingWords({ trace, statement }: Finding, more = ''): string {
  const { root, headline } = trace
  const facts = [
    durationText(trace.duration * 1e6),
    ...(more === '' ? [] : [more]),
    `${trace.spans} spans`,
    ...(trace.httpStatus === undefined ? [] : [`HTTP ${trace.httpStatus}`]),
    ...trace.tenants.map((tenant) => `tenant ${oneLine(tenant)}`),
  ]
  const about = headline.span === undefined ? '' : `, about span ${headline.span}`
  return [
    `${oneLine(`${root.service} ${root.name}`)}: ${oneLine(headline.text)}`,
    `  trace ${trace.id}${about}, at ${momentWords(trace.start)}`,
    `  ${facts.join(', ')}`,
    ...statementWords(statement),
  ].join('\n')
}

/** Operations as a table. */
export function operationWords(operations: readonly Operation[], all: number): string {
  const rows = operations.map((each) =>
    [
      ...[each.service, each.name, each.kind].map((text) => oneLine(text).replaceAll('|', '\\|')),
      ...[each.count, each.errors, each.origins],
      ...[each.p50, each.p95].map((millis) => durationText(millis * 1e6)),
      each.slowest.trace,
    ].join(' | '),
  )
  return [
    `${all} operations, most time in total first.`,
    '',
    'service | name | kind | calls | errors | began here | p50 | p95 | slowest trace',
    '---|---|---|---|---|---|---|---|---',
    ...rows,
  ].join('\n')
}

/** A log line. */
export function logWords(line: LogLine): string {
  const body = typeof line.body === 'string' ? line.body : JSON.stringify(line.body)
  const where = line.trace === undefined ? '' : ` (trace ${line.trace})`
  const level = (line.level ?? '').toUpperCase()
  return `${momentWords(line.time)} ${level} ${oneLine(line.service)}: ${oneLine(body)}${where}`
}

function statementWords(statement: string | undefined): string[] {
  if (statement === undefined) return []
  const text = statement.slice(0, MAX_STATEMENT)
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length)
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)))
  return ['  statement:', `${fence}sql`, text, fence]
}

function momentWords(millis: number): string {
  return new Date(millis).toISOString()
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_LINE)
}
