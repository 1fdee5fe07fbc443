import type { LogRow, SpanRow } from '../model/rows.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import type { SpanTest } from './attribute-term.ts'
import { checkKey } from './keys.ts'
import { createLogTest, type LogTest } from './log-term.ts'
import { parseQuery, type Term } from './parse-query.ts'
import { createSpanTest } from './span-term.ts'
import { createTextTest } from './text-test.ts'
import { createTraceTest, type TraceTest } from './trace-term.ts'

/** A query that can be asked; API.md says what it means. */
export interface Query {
  /** True when everything matches. */
  readonly isEmpty: boolean
  /** One span satisfies every term, and none satisfies a negated one. */
  readonly trace: (record: TraceRecord) => boolean
  /** The terms asked of one span. */
  readonly span: (span: SpanRow, record: TraceRecord) => boolean
  /** The terms asked of one log line. */
  readonly log: (log: LogRow) => boolean
}

interface Compiled {
  readonly wholes: TraceTest[]
  readonly wanted: SpanTest[]
  readonly unwanted: SpanTest[]
}

/**
 * Makes a query of its text.
 *
 * @throws QueryError when it cannot be understood
 */
export function compileQuery(text: string): Query {
  const terms = parseQuery(text)
  const compiled: Compiled = { wholes: [], wanted: [], unwanted: [] }
  for (const term of terms) addTerm(term, compiled)
  const { wholes, wanted, unwanted } = compiled
  const ofSpan = (span: SpanRow, record: TraceRecord): boolean => {
    for (const test of wanted) if (!test(span, record)) return false
    return true
  }
  const narrowing = wanted.flatMap(({ mayHold }) => mayHold ?? [])
  let logTests: LogTest[] | undefined
  return {
    isEmpty: terms.length === 0,
    trace: (record) =>
      wholes.every((test) => test(record)) &&
      narrowing.every((mayHold) => mayHold(record)) &&
      (wanted.length === 0 || someSpan(record, ofSpan)) &&
      !unwanted.some((test) => someSpan(record, test)),
    span: (span, record) =>
      wholes.every((test) => test(record)) &&
      ofSpan(span, record) &&
      !unwanted.some((test) => test(span, record)),
    log(log) {
      logTests ??= terms.map(logTest)
      return logTests.every((test) => test(log))
    },
  }
}

function addTerm(term: Term, into: Compiled): void {
  checkKey(term)
  const whole = term.operator === 'text' ? undefined : createTraceTest(term)
  if (whole !== undefined) {
    into.wholes.push(term.negated ? (record) => !whole(record) : whole)
    return
  }
  const test =
    term.operator === 'text' ? createTextTest(term.value).span : createSpanTest(asSpanTerm(term))
  if (term.negated) into.unwanted.push(test)
  else into.wanted.push(test)
}

// `level` and `body` are of log lines: a span has no such attribute, so it does not match.
function asSpanTerm(term: Term): Term {
  const isOfLogs = !term.isAttribute && (term.key === 'level' || term.key === 'body')
  return isOfLogs ? { ...term, operator: '=', value: '*' } : term
}

function logTest(term: Term): LogTest {
  const test = term.operator === 'text' ? createTextTest(term.value).log : createLogTest(term)
  return term.negated ? (log) => !test(log) : test
}

function someSpan(record: TraceRecord, test: SpanTest): boolean {
  for (const span of record.spans) if (test(span, record)) return true
  return false
}
