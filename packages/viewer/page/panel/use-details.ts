import { useEffect, useState } from 'preact/hooks'
import type { Span, SpanDetails, Trace, WholeSpan } from '../../src/contract/trace.ts'
import { read } from '../api/client.ts'

/** The span with everything that is known of it; of a brief trace, once the viewer has said it. */
export function useDetails(span: Span, { brief, trace }: Trace): WholeSpan | undefined {
  const [known, setKnown] = useState<SpanDetails>()
  useEffect(() => {
    if (!brief) return
    let isCurrent = true
    void read('traces/{id}/spans/{span}', { id: trace.id, span: span.id }).then(({ value }) => {
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
