import { firstAttribute, textOf } from '../model/attributes.ts'
import { TENANT, USER } from '../model/conventions.ts'
import { ERROR, type SpanRow } from '../model/rows.ts'
import { byStart, topsOfCircles } from './circles.ts'
import { findOrigins } from './origins.ts'
import { normaliseStatement, oneAfterTheOther, REPEATED_FROM } from './repeated.ts'
import { isOfSession, isStatement, statementKeyOf } from './span-type.ts'
import { spanOf, type TraceFacts, type TraceRecord } from './trace-record.ts'

const MAX_IDENTITIES = 5
const NO_SPANS: ReadonlySet<SpanRow> = new Set()

/** The facts of a trace. */
export function factsOf(record: TraceRecord): TraceFacts {
  record.facts ??= gather(record)
  return record.facts
}

/** True when part of the trace is not here. */
export function isIncomplete(record: TraceRecord): boolean {
  const { orphans, rootMissing } = factsOf(record)
  return orphans > 0 || rootMissing || record.late || record.unkept > 0
}

function gather(record: TraceRecord): TraceFacts {
  const services = new Map<string, { name: string; spans: number; errors: number }>()
  const tenants = new Set<string>()
  const users = new Set<string>()
  const statements: SpanRow[] = []
  const tops: Tops = { root: undefined, orphan: undefined, orphans: 0 }
  const failed: SpanRow[] = []
  for (const span of record.spans) {
    const name = span.resource.service
    const service = services.get(name) ?? { name, spans: 0, errors: 0 }
    service.spans += 1
    if (span.status === ERROR) {
      service.errors += 1
      failed.push(span)
    }
    services.set(name, service)
    addIdentity(tenants, span, TENANT)
    addIdentity(users, span, USER)
    if (isStatement(span)) statements.push(span)
    noteTop(record, span, tops)
  }
  return {
    // Where there is neither, each span is below another: they hang from circles.
    root: tops.root ?? tops.orphan ?? topsOfCircles(record, record.spans)[0],
    rootMissing: tops.root === undefined,
    errors: failed.length,
    origins: failed.length === 0 ? NO_SPANS : new Set(findOrigins(record, failed)),
    orphans: tops.orphans,
    statements: statements.length,
    repeated: largestRepetition(statements),
    services: [...services.values()].sort((a, b) => b.spans - a.spans),
    tenants: [...tenants],
    users: [...users],
  }
}

interface Tops {
  root: SpanRow | undefined
  orphan: SpanRow | undefined
  orphans: number
}

function noteTop(record: TraceRecord, span: SpanRow, tops: Tops): void {
  if (span.parent === '') {
    if (tops.root === undefined || byStart(span, tops.root) < 0) tops.root = span
  } else if (spanOf(record, span.parent) === undefined) {
    tops.orphans += 1
    if (tops.orphan === undefined || byStart(span, tops.orphan) < 0) tops.orphan = span
  }
}

function addIdentity(into: Set<string>, span: SpanRow, keys: readonly string[]): void {
  if (into.size >= MAX_IDENTITIES) return
  const value = firstAttribute(span, keys) ?? firstAttribute(span.resource.attributes, keys)
  if (value !== undefined) into.add(textOf(value))
}

function largestRepetition(statements: readonly SpanRow[]): number {
  let largest = 0
  for (const { spans } of repetitions(statements)) largest = Math.max(largest, spans.length)
  return largest
}

/** Statements that are run `from` times or more, one after the other, under one parent. */
export function repetitions(
  statements: readonly SpanRow[],
  from: number = REPEATED_FROM,
): { parent: string; normalised: string; spans: SpanRow[] }[] {
  const groups: { parent: string; normalised: string; spans: SpanRow[] }[] = []
  const byParent = new Map<string, Map<string, SpanRow[]>>()
  for (const span of withEnoughSiblings(statements, from)) {
    const { parent } = span
    if (isOfSession(span)) continue
    const normalised = groupKey(span)
    const siblings = byParent.get(parent) ?? new Map<string, SpanRow[]>()
    byParent.set(parent, siblings)
    const equal = siblings.get(normalised)
    if (equal !== undefined) {
      equal.push(span)
      continue
    }
    const spans = [span]
    siblings.set(normalised, spans)
    groups.push({ parent, normalised, spans })
  }
  return groups
    .filter(({ spans }) => spans.length >= from)
    .map((group) => ({ ...group, spans: oneAfterTheOther(group.spans) }))
    .filter(({ spans }) => spans.length >= from)
}

/** Those whose siblings are many enough: most statements need no look at their text. */
function withEnoughSiblings(statements: readonly SpanRow[], from: number): readonly SpanRow[] {
  if (statements.length < from) return []
  const counts = new Map<string, number>()
  for (const { parent } of statements) counts.set(parent, (counts.get(parent) ?? 0) + 1)
  return statements.filter(({ parent }) => (counts.get(parent) ?? 0) >= from)
}

/** What equal statements have in common: the text without its values, else the operation and what it is run on. */
export function groupKey(span: SpanRow): string {
  return normaliseStatement(statementKeyOf(span))
}
