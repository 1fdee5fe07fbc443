import { type JudgedSpan, openPart, type Part } from './part.ts'
import { SPAN_BYTES } from './remembered.ts'

/** Past this time a part is judged by what is known: a stream or a socket may last for hours. */
const MAX_OPEN_MILLIS = 60_000
/** Most parts that are open. */
const MAX_PARTS = 20_000
/** How often, in parts that begin, it is asked whether one has been open for too long. */
const CHECK_EVERY = 256
const NONE: readonly never[] = []

/** The parts that are open, and what waits in them. */
export class OpenParts<S extends JudgedSpan> {
  private waiting = 0
  private untilCheck = CHECK_EVERY
  /** Those that were looked at last come last. */
  private readonly parts = new Map<string, Part<S>>()

  /** About how many bytes of spans wait. */
  get bytes(): number {
    return this.waiting * SPAN_BYTES
  }

  get(traceId: string): Part<S> | undefined {
    return this.parts.get(traceId)
  }

  /** The part of a trace, which is opened if it is not open. */
  open(traceId: string): Part<S> {
    const known = this.parts.get(traceId)
    if (known !== undefined) return known
    const part = openPart<S>(traceId)
    this.parts.set(traceId, part)
    return part
  }

  close(part: Part<S>): void {
    this.parts.delete(part.traceId)
  }

  /** Lets a span wait for the decision; gives how many wait in its part. */
  add(part: Part<S>, span: S): number {
    this.waiting++
    return part.spans.push(span)
  }

  /** Gives the spans that wait in a part. */
  take(part: Part<S>): S[] {
    const { spans } = part
    this.waiting -= spans.length
    part.spans = []
    return spans
  }

  all(): Part<S>[] {
    return [...this.parts.values()]
  }

  /** The part that has waited longest with spans in it. */
  oldestWaiting(): Part<S> | undefined {
    for (const part of this.parts.values()) if (part.spans.length > 0) return part
    return undefined
  }

  /** Whether there are too many: a root that never ends must not stay for ever. */
  get isOverfull(): boolean {
    return this.parts.size > MAX_PARTS
  }

  /** Those that have been open for so long, or are so many, that they are judged now; each is given once a minute. */
  takeDue(): readonly Part<S>[] {
    if (--this.untilCheck > 0) return NONE
    this.untilCheck = CHECK_EVERY
    const now = performance.now()
    const due: Part<S>[] = []
    for (const part of this.parts.values()) {
      const isSurplus = this.parts.size - due.length > MAX_PARTS
      if (now - part.judgedAt < MAX_OPEN_MILLIS && !isSurplus) break
      due.push(part)
    }
    // What is open for hours must not hide the others.
    for (const part of due) {
      part.judgedAt = now
      this.parts.delete(part.traceId)
      this.parts.set(part.traceId, part)
    }
    return due
  }
}
