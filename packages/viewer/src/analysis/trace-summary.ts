import { firstAttribute } from '../model/attributes.ts'
import { HTTP_STATUS } from '../model/conventions.ts'
import { KINDS } from '../model/rows.ts'
import { nanosToMillis } from '../model/time.ts'
import { factsOf } from '../store/trace-facts.ts'
import type { TraceRecord } from '../store/trace-record.ts'
import type { TraceStore } from '../store/trace-store.ts'

/** A trace in a list: API.md, TraceSummary. Times in milliseconds. */
export interface TraceSummary {
  readonly id: string
  readonly start: number
  readonly duration: number
  readonly root:
    | {
        readonly id: string
        readonly service: string
        readonly name: string
        readonly kind: string
      }
    | undefined
  readonly spans: number
  readonly errors: number
  readonly services: readonly {
    readonly name: string
    readonly spans: number
    readonly errors: number
  }[]
  readonly statements: number
  readonly repeated: number
  readonly tenants: readonly string[]
  readonly users: readonly string[]
  readonly httpStatus: number | undefined
  readonly logs: number
  readonly orphans: number
  readonly rootMissing: boolean
  readonly late: boolean
  readonly unkept: number
  readonly updated: number
}

/** Sums a trace up for a list. */
export function summarise(record: TraceRecord, store: TraceStore): TraceSummary {
  const facts = factsOf(record)
  const { root } = facts
  const status = root && firstAttribute(root, HTTP_STATUS)
  return {
    id: record.id,
    start: record.start / 1000,
    duration: durationOf(record),
    root: root && {
      id: root.id,
      service: root.resource.service,
      name: root.name,
      kind: KINDS[root.kind] ?? 'unspecified',
    },
    spans: record.spans.length,
    errors: facts.errors,
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
