import type { Span } from '../../src/contract/trace.ts'

/** The time between a call and the span that served it, in milliseconds, on the way there and back. */
export interface Gap {
  readonly before: number
  readonly after: number
}

/** The time a call spent between two processes; undefined where it cannot be told, or the clocks differ. */
export function networkGap(span: Span, parent: Span | undefined, moved = 0): Gap | undefined {
  if (!span.remoteParent || parent?.kind !== 'client') return undefined
  const before = span.offset + moved - parent.offset
  const after = parent.offset + parent.duration - (span.offset + moved + span.duration)
  return before < 0 || after < 0 ? undefined : { before, after }
}
