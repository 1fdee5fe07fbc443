import type { SpanRow } from '../model/rows.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

/** A span that links to another trace's. */
export interface IncomingLink {
  readonly trace: string
  readonly span: SpanRow
  /** The span that is linked to. */
  readonly target: string
}

/** Knows who links to a trace, so that a link can be followed from both ends. */
export interface LinkIndex {
  add(trace: string, span: SpanRow): void
  /** Forgets the links from an evicted trace. */
  remove(record: TraceRecord): void
  to(trace: string): readonly IncomingLink[]
  clear(): void
}

/** Makes an index of links. */
export function createLinkIndex(): LinkIndex {
  const byTarget = new Map<string, IncomingLink[]>()
  return {
    add(trace, span) {
      for (const link of span.links) {
        const incoming = { trace, span, target: link.span }
        const list = byTarget.get(link.trace)
        if (list === undefined) byTarget.set(link.trace, [incoming])
        else list.push(incoming)
      }
    },
    remove(record) {
      const targets = new Set<string>()
      for (const span of record.spans) for (const link of span.links) targets.add(link.trace)
      for (const target of targets) {
        const rest = byTarget.get(target)?.filter(({ trace }) => trace !== record.id) ?? []
        if (rest.length === 0) byTarget.delete(target)
        else byTarget.set(target, rest)
      }
    },
    to: (trace) => byTarget.get(trace) ?? [],
    clear: () => byTarget.clear(),
  }
}
