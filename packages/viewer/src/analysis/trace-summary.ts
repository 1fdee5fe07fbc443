import type { TraceSummary } from '../contract/trace-list.ts'
import { firstAttribute } from '../model/attributes.ts'
import { HTTP_STATUS } from '../model/conventions.ts'
import { KINDS } from '../model/rows.ts'
import { nanosToMillis } from '../model/time.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { factsOf } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { headlineOf } from './headline/headline.ts'

const MAX_ORIGINS = 5

/** Sums a trace up for a list. */
export function summarise(record: TraceRecord, store: MemoryStore): TraceSummary {
  const facts = factsOf(record)
  const { root } = facts
  const status = root && firstAttribute(root, HTTP_STATUS)
  return {
    id: record.id,
    start: record.start / 1000,
    duration: durationOf(record),
    // Only a trace without spans has none, and such traces are not kept.
    root: {
      id: root?.id ?? '',
      service: root?.resource.service ?? '',
      name: root?.name ?? '',
      kind: KINDS[root?.kind ?? 0] ?? 'unspecified',
    },
    spans: record.spans.length,
    headline: headlineOf(record, store),
    errors: facts.errors,
    origins: [...facts.origins].slice(0, MAX_ORIGINS).map(({ id, resource, name }) => ({
      span: id,
      service: resource.service,
      name,
    })),
    services: facts.services,
    statements: facts.statements,
    repeated: facts.repeated,
    tenants: facts.tenants,
    users: facts.users,
    httpStatus: typeof status === 'number' ? status : undefined,
    logs: store.logs.ofTrace(record.id).length,
    orphans: facts.orphans,
    rootMissing: facts.rootMissing,
    late: record.late,
    unkept: record.unkept,
    updated: record.updated,
  }
}

/** How long a trace took, in milliseconds. */
export function durationOf(record: TraceRecord): number {
  return nanosToMillis(record.duration)
}
