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
  /** One span satisfies every term of a part, for each part, and none satisfies a negated term. */
  readonly trace: (record: TraceRecord) => boolean
  /** The terms of a part asked of one span. */
  readonly span: (span: SpanRow, record: TraceRecord) => boolean
  /** The terms of a part asked of one log line. */
  readonly log: (log: LogRow) => boolean
  /** The same query with a part for each term that a span must satisfy; undefined where that is the query. */
  readonly apart: string | undefined
}

interface Compiled {
  readonly wholes: TraceTest[]
  /** The terms that a span must satisfy, by part. */
  readonly wanted: Map<number, SpanTest[]>
  readonly unwanted: SpanTest[]
}

/**
 * Makes a query of its text.
 *
 * @throws QueryError when it cannot be understood
 */
export function compileQuery(text: string): Query {
  const terms = parseQuery(text)
  const compiled: Compiled = { wholes: [], wanted: new Map(), unwanted: [] }
  for (const term of terms) addTerm(term, compiled)
  const { wholes, unwanted } = compiled
  const wanted = [...compiled.wanted.values()]
  const parts = wanted.map(allOf)
  const narrowing = wanted.flat().flatMap(({ mayHold }) => mayHold ?? [])
  let ofLog: LogTest | undefined
  return {
    isEmpty: terms.length === 0,
    trace: (record) =>
      wholes.every((test) => test(record)) &&
      narrowing.every((mayHold) => mayHold(record)) &&
      parts.every((test) => someSpan(record, test)) &&
      !unwanted.some((test) => someSpan(record, test)),
    span: (span, record) =>
      wholes.every((test) => test(record)) &&
      (parts.length === 0 || parts.some((test) => test(span, record))) &&
      !unwanted.some((test) => test(span, record)),
    log(log) {
      ofLog ??= createTestOfLogs(terms)
      return ofLog(log)
    },
    apart: wanted.some(({ length }) => length > 1) ? writeApart(text, terms) : undefined,
  }
}

function allOf(tests: readonly SpanTest[]): SpanTest {
  return (span, record) => {
    for (const test of tests) if (!test(span, record)) return false
    return true
  }
}

/** What a span need not satisfy goes with the first part. */
function writeApart(text: string, terms: readonly Term[]): string {
  const [apart, others] = [terms.filter(isOfSpans), terms.filter((term) => !isOfSpans(term))]
  const written = ({ at, length }: Term): string => text.slice(at, at + length)
  return [...others.map(written), apart.map(written).join(' && ')].join(' ')
}

function isOfSpans(term: Term): boolean {
  return !term.negated && (term.operator === 'text' || createTraceTest(term) === undefined)
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
  else into.wanted.set(term.part, [...(into.wanted.get(term.part) ?? []), test])
}

// `level` and `body` are of log lines: a span has no such attribute, so it does not match.
function asSpanTerm(term: Term): Term {
  const isOfLogs = !term.isAttribute && (term.key === 'level' || term.key === 'body')
  return isOfLogs ? { ...term, operator: '=', value: '*' } : term
}

/** A line must satisfy the terms of one part, and no negated one of any. */
function createTestOfLogs(terms: readonly Term[]): LogTest {
  const negated = terms.filter((term) => term.negated).map(logTest)
  const parts = new Map<number, LogTest[]>()
  for (const term of terms) {
    if (!term.negated) parts.set(term.part, [...(parts.get(term.part) ?? []), logTest(term)])
  }
  const tests = [...parts.values()]
  return (log) =>
    negated.every((test) => test(log)) &&
    (tests.length === 0 || tests.some((part) => part.every((test) => test(log))))
}

function logTest(term: Term): LogTest {
  const test = term.operator === 'text' ? createTextTest(term.value).log : createLogTest(term)
  return term.negated ? (log) => !test(log) : test
}

function someSpan(record: TraceRecord, test: SpanTest): boolean {
  for (const span of record.spans) if (test(span, record)) return true
  return false
}
