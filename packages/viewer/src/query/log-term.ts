import { attribute, firstAttribute, textOf } from '../model/attributes.ts'
import { ALIASES } from '../model/conventions.ts'
import type { LogRow } from '../model/rows.ts'
import { createComparison, createTest, faultOf } from './compare.ts'
import type { Term } from './parse-query.ts'

/** Tells whether a log line is what a term asks for. */
export type LogTest = (log: LogRow) => boolean

/** The names of levels; each stands for four of OTLP's severity numbers, the first from 1. */
export const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** The level of a severity number; undefined when it is not known. */
export function levelOf(severity: number): string | undefined {
  return severity === 0 ? undefined : LEVELS[Math.floor((severity - 1) / 4)]
}

/**
 * The test that a term with a key puts to a log line. No log line matches a term that is about spans only.
 *
 * @throws QueryError when its value does not fit
 */
export function createLogTest(term: Term): LogTest {
  if (!term.isAttribute && term.key === 'level') return levelTest(term)
  const test = createTest(withoutOrder(term))
  switch (term.isAttribute ? '' : term.key) {
    case 'body':
      return (log) => test(textOf(log.body))
    case 'service':
      return (log) => test(log.resource.service)
    case 'trace':
      return (log) => test(log.trace)
    case 'span':
      return (log) => test(log.span)
    case 'event':
      return (log) => test(log.event || attribute(log, 'event'))
    case 'is':
      return (log) => term.value === 'error' && log.severity >= 17
    default: {
      const keys = (term.isAttribute ? undefined : ALIASES.get(term.key)) ?? [term.key]
      return (log) =>
        test(firstAttribute(log, keys) ?? firstAttribute(log.resource.attributes, keys))
    }
  }
}

// A duration is not a number; a log line has none, and the query may be one for spans.
function withoutOrder(term: Term): Term {
  const isOrder = ['>', '>=', '<', '<='].includes(term.operator)
  return isOrder && Number.isNaN(Number(term.value)) ? { ...term, operator: '=' } : term
}

function levelTest(term: Term): LogTest {
  const wanted = LEVELS.indexOf(term.value.toLowerCase())
  if (wanted < 0) throw faultOf(term, `"level" must be one of: ${LEVELS.join(', ')}.`)
  const compare = createComparison(term, wanted)
  return (log) => log.severity > 0 && compare(Math.floor((log.severity - 1) / 4))
}
