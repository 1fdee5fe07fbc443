import { useEffect, useState } from 'preact/hooks'
import { read } from '../api/client.ts'
import type { Span, SpanDetails, Trace, WholeSpan } from '../api/types.ts'

/** The span with everything that is known of it; of a brief trace, once the viewer has said it. */
export function useDetails(span: Span, { brief, trace }: Trace): WholeSpan | undefined {
  const [known, setKnown] = useState<SpanDetails>()
  useEffect(() => {
    if (!brief) return
    let isCurrent = true
    void read<SpanDetails>(`traces/${trace.id}/spans/${span.id}`).then(({ value }) => {
      if (isCurrent && value) setKnown(value)
    })
    return () => {
      isCurrent = false
    }
  }, [brief, trace.id, trace.updated, span.id])
  if (!brief) return { ...span, attributes: span.attributes ?? {} }
  return (
    known && { ...span, ...known, ...(known.sql ? { sql: { ...span.sql, ...known.sql } } : {}) }
  )
}
