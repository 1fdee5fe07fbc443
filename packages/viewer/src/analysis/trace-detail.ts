import type { SpanDetails, Trace } from '../contract/trace.ts'
import { attributesToJson } from '../model/attributes.ts'
import type { Resource, Scope, SpanRow } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { factsOf } from '../trace/trace-facts.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import { criticalPath } from './critical-path.ts'
import { describeDetails, describeRow, describeSpan, type SpanContext } from './describe-span.ts'
import { skewOf } from './skew.ts'
import { spanTree } from './span-tree.ts'
import { statementGroups } from './statements.ts'
import { summarise } from './trace-summary.ts'

/**
 * One trace with everything that is shown of it: API.md, One trace. With more than `brief` spans,
 * each of them says only what the waterfall shows.
 */
export function traceDetail(
  record: TraceRecord,
  store: MemoryStore,
  brief: number = Number.POSITIVE_INFINITY,
): Trace {
  const nodes = spanTree(record)
  const facts = factsOf(record)
  const root = nodes.find(({ span }) => span === facts.root)
  const path = root === undefined ? [] : criticalPath(root)
  const { groups, groupOf } = statementGroups(record.spans, record.duration)
  const resources = numbered<Resource>()
  const scopes = numbered<Scope>()
  const context: SpanContext = {
    record,
    store,
    groupOf,
    resource: resources.numberOf,
    scope: scopes.numberOf,
    logs: countLogs(record, store),
    incoming: incomingLinks(record, store),
  }
  const isBrief = nodes.length > brief
  const describe = isBrief ? describeRow : describeSpan
  const spans = nodes.map((node) => describe(node, context))
  return {
    trace: summarise(record, store),
    resources: resources.all.map(({ service, attributes }) => ({
      service,
      attributes: attributesToJson(attributes),
    })),
    scopes: scopes.all.map(({ name, version, attributes }) => ({
      name,
      version,
      attributes: attributesToJson(attributes),
    })),
    brief: isBrief || undefined,
    spans,
    criticalPath: path.map(({ node, from, to }) => ({
      span: node.span.id,
      from: from / 1e6,
      to: to / 1e6,
    })),
    statements: groups,
    skew: skewOf(nodes),
  }
}

/** What a brief answer leaves out of one span. */
export function spanDetails(record: TraceRecord, store: MemoryStore, span: SpanRow): SpanDetails {
  return describeDetails(span, { record, store, incoming: incomingLinks(record, store) })
}

function numbered<Thing>(): { all: Thing[]; numberOf: (thing: Thing) => number } {
  const all: Thing[] = []
  const numbers = new Map<Thing, number>()
  return {
    all,
    numberOf(thing) {
      const known = numbers.get(thing)
      if (known !== undefined) return known
      numbers.set(thing, all.length)
      return all.push(thing) - 1
    },
  }
}

function countLogs(record: TraceRecord, store: MemoryStore): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { row } of store.logs.ofTrace(record.id))
    counts.set(row.span, (counts.get(row.span) ?? 0) + 1)
  return counts
}

function incomingLinks(record: TraceRecord, store: MemoryStore): SpanContext['incoming'] {
  const byTarget = new Map<string, { trace: string; span: SpanRow }[]>()
  for (const { target, trace, span } of store.linksTo(record.id)) {
    const list = byTarget.get(target)
    if (list === undefined) byTarget.set(target, [{ trace, span }])
    else list.push({ trace, span })
  }
  return byTarget
}
