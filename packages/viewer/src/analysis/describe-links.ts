import type { IncomingLink, SpanLink, TraceName } from '../contract/trace.ts'
import { attributesToJson } from '../model/attributes.ts'
import type { SpanRow } from '../model/rows.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import { factsOf } from '../trace/trace-facts.ts'
import { spanOf, type TraceRecord } from '../trace/trace-record.ts'

/** A span that links to another. */
export interface LinkingSpan {
  readonly trace: string
  readonly span: SpanRow
}

/** The links of a span, with what they lead to. */
export function describeLinks({ links }: SpanRow, store: MemoryStore): SpanLink[] {
  return links.map((link) => {
    const record = store.traces.get(link.trace)
    const target = record && spanOf(record, link.span)
    return {
      trace: link.trace,
      span: link.span,
      attributes: attributesToJson(link),
      known: record !== undefined,
      service: target?.resource.service,
      name: target?.name,
      root: record && nameOfTrace(record),
    }
  })
}

/** The spans that link to a span, with what those links say. */
export function describeIncoming(
  target: SpanRow,
  from: readonly LinkingSpan[],
  store: MemoryStore,
): IncomingLink[] {
  return from.map(({ trace, span }) => {
    const link = span.links.find((each) => each.span === target.id)
    const record = store.traces.get(trace)
    return {
      trace,
      span: span.id,
      service: span.resource.service,
      name: span.name,
      attributes: link === undefined ? {} : attributesToJson(link),
      root: record && nameOfTrace(record),
    }
  })
}

/** How many links lead to other traces and come from them; undefined when none does. */
export function countLinks(
  span: SpanRow,
  record: TraceRecord,
  incoming: readonly LinkingSpan[] = [],
): { to: number; from: number } | undefined {
  const to = span.links.filter(({ trace }) => trace !== record.id).length
  const from = incoming.filter(({ trace }) => trace !== record.id).length
  return to + from === 0 ? undefined : { to, from }
}

function nameOfTrace(record: TraceRecord): TraceName | undefined {
  const { root } = factsOf(record)
  return root && { service: root.resource.service, name: root.name }
}
