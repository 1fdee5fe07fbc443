import type { Span } from '../api/types.ts'

const texts = new WeakMap<Span, string>()

/** Whether the span's name, service, attributes or events contain the text, which is in lower case. */
export function matches(span: Span, text: string): boolean {
  return textOf(span).includes(text)
}

function textOf(span: Span): string {
  const known = texts.get(span)
  if (known !== undefined) return known
  const { name, service, summary, statusMessage, attributes, events } = span
  const text = [
    name,
    service,
    summary,
    statusMessage,
    JSON.stringify(attributes),
    JSON.stringify(events),
  ]
    .join('\n')
    .toLowerCase()
  texts.set(span, text)
  return text
}
