import type { StatementGroup } from '../contract/trace.ts'
import { firstAttribute, textOf } from '../model/attributes.ts'
import { DB_SYSTEM } from '../model/conventions.ts'
import { ERROR, type SpanRow } from '../model/rows.ts'
import { isStatement, statementKeyOf } from '../trace/span-type.ts'
import { groupKey, repetitions } from '../trace/trace-facts.ts'

/** The statements of a trace, equal ones together, most time first. */
export function statementGroups(
  all: readonly SpanRow[],
  traceNanos: number,
): { groups: StatementGroup[]; groupOf: ReadonlyMap<SpanRow, number> } {
  const statements = all.filter(isStatement)
  const byKey = new Map<string, SpanRow[]>()
  for (const span of statements) {
    const key = `${systemOf(span)} ${groupKey(span)}`
    const list = byKey.get(key)
    if (list === undefined) byKey.set(key, [span])
    else list.push(span)
  }
  const runs = repetitions(statements)
  const sorted = [...byKey.values()].sort((a, b) => totalOf(b) - totalOf(a))
  const groupOf = new Map<SpanRow, number>()
  for (const [index, spans] of sorted.entries()) for (const span of spans) groupOf.set(span, index)
  return { groups: sorted.map((spans) => describe(spans, runs, traceNanos)), groupOf }
}

function describe(
  spans: readonly SpanRow[],
  runs: ReturnType<typeof repetitions>,
  traceNanos: number,
): StatementGroup {
  const [first] = spans
  const total = totalOf(spans)
  const members = new Set(spans)
  return {
    system: first ? systemOf(first) : '',
    text: first ? statementKeyOf(first) : '',
    normalised: first ? groupKey(first) : '',
    count: spans.length,
    total: total / 1e6,
    max: spans.reduce((most, { duration }) => Math.max(most, duration), 0) / 1e6,
    share: traceNanos > 0 ? total / traceNanos : 0,
    errors: spans.filter(({ status }) => status === ERROR).length,
    repeated: runs
      .filter((run) => run.spans.some((span) => members.has(span)))
      .map((run) => ({
        parent: run.parent,
        count: run.spans.length,
        spans: run.spans.map(({ id }) => id),
      })),
    spans: spans.map(({ id }) => id),
  }
}

function systemOf(span: SpanRow): string {
  return textOf(firstAttribute(span, DB_SYSTEM))
}

function totalOf(spans: readonly SpanRow[]): number {
  return spans.reduce((sum, { duration }) => sum + duration, 0)
}
