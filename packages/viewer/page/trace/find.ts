import type { Span, Trace } from '../../src/contract/trace.ts'

/** What the viewer has found for us in a large trace. */
export interface Found {
  readonly text: string
  readonly ids: ReadonlySet<string>
}

/** A search in the trace. */
export interface Find extends Found {
  /** Its spans in drawing order. */
  readonly spans: readonly Span[]
  readonly isWaiting: boolean
}

const texts = new WeakMap<Span, string>()

/** Searches the trace for a text in lower case; of a brief trace, the viewer knows the answer. */
export function findIn(trace: Trace, text: string, answered: Found | undefined): Find {
  if (text === '') return { text, ids: new Set(), spans: [], isWaiting: false }
  const known = answered?.text === text ? answered.ids : undefined
  const spans = trace.spans.filter((span) =>
    trace.brief ? known?.has(span.id) : textOf(span).includes(text),
  )
  const ids = new Set(spans.map(({ id }) => id))
  return { text, ids, spans, isWaiting: trace.brief === true && !known }
}

function textOf(span: Span): string {
  const known = texts.get(span)
  if (known !== undefined) return known
  const { name, service, summary, statusMessage, attributes, events } = span
  const parts = [name, service, summary, statusMessage]
  const text = [...parts, JSON.stringify(attributes), JSON.stringify(events)]
    .join('\n')
    .toLowerCase()
  texts.set(span, text)
  return text
}
