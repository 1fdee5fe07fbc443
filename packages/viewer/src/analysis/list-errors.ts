import type { ErrorGroup, ErrorsAnswer } from '../contract/findings.ts'
import { ERROR, type SpanRow } from '../model/rows.ts'
import type { Query } from '../query/compile-query.ts'
import type { TimeRange } from '../query/time-range.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { isStatement, statementKeyOf } from '../trace/span-type.ts'
import { factsOf } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { failureText } from './headline/failure.ts'
import { matchingTraces } from './list-traces.ts'

interface Group {
  text: string
  count: number
  traces: number
  failed: number
  first: number
  last: number
  newest: { record: TraceRecord; span: SpanRow }
}

// The ids in a message differ from one error to the next, though it is the same error. A code is short.
const IDS =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-z]*\d)[0-9a-f]{8,}|\d{6,}|(?<=[#/=:] ?)\d+/gi

/**
 * The errors of the traces that match, those that began in the same place with the same reason together:
 * API.md, Errors and slow traces.
 */
export function listErrors(
  store: MemoryStore,
  { query, range, limit }: { query: Query; range: TimeRange; limit: number },
): ErrorsAnswer {
  const groups = new Map<string, Group>()
  let matched = 0
  for (const record of matchingTraces(store, query, range)) {
    const { origins } = factsOf(record)
    if (origins.size === 0) continue
    matched += 1
    const seen = new Set<Group>()
    for (const span of origins) addOrigin(groups, record, span, seen)
  }
  const found = [...groups.values()].sort((a, b) => b.last - a.last)
  return {
    errors: found.slice(0, limit).map(describe),
    more: Math.max(0, found.length - limit),
    matched,
  }
}

function addOrigin(
  groups: Map<string, Group>,
  record: TraceRecord,
  span: SpanRow,
  seen: Set<Group>,
): void {
  const text = failureText(span)
  const key = text.replace(IDS, '#')
  const at = span.micros / 1000
  const known = groups.get(key)
  const group = known ?? {
    ...{ text, count: 0, traces: 0, failed: 0, first: at, last: at },
    newest: { record, span },
  }
  if (known === undefined) groups.set(key, group)
  group.count += 1
  group.first = Math.min(group.first, at)
  if (at >= group.last) Object.assign(group, { text, last: at, newest: { record, span } })
  if (seen.has(group)) return
  seen.add(group)
  group.traces += 1
  if (factsOf(record).root?.status === ERROR) group.failed += 1
}

function describe({ newest: { record, span }, ...group }: Group): ErrorGroup {
  const { root } = factsOf(record)
  return {
    ...group,
    sample: { trace: record.id, span: span.id },
    root: root === undefined ? '' : `${root.resource.service} ${root.name}`,
    statement: isStatement(span) ? statementKeyOf(span) : undefined,
  }
}
