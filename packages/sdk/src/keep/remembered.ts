import type { JudgedSpan } from './part.ts'

/** About how many bytes of memory a span takes that waits as an object. */
export const SPAN_BYTES = 1000

interface Entry<S> {
  readonly spans: readonly S[]
  readonly until: number
}

/** The parts that were not kept, for some time and within some bytes: another service may keep their traces. */
export class Remembered<S extends JudgedSpan> {
  /** About how many bytes it holds. */
  bytes = 0
  private readonly millis: number
  private readonly entries = new Map<string, Entry<S>>()

  private readonly onForget: (spans: number) => void

  /** @param onForget told of the number of spans that nobody will ask for */
  constructor(millis: number, onForget: (spans: number) => void) {
    this.millis = millis
    this.onForget = onForget
  }

  /** Remembers spans of a trace; `room` is how many bytes there may be. */
  add(traceId: string, spans: readonly S[], room: number): void {
    if (this.millis === 0) this.onForget(spans.length)
    if (this.millis === 0 || spans.length === 0) return
    const known = this.entries.get(traceId)
    if (known !== undefined) this.remove(traceId, known)
    const all = known === undefined ? spans : [...known.spans, ...spans]
    this.entries.set(traceId, { spans: all, until: performance.now() + this.millis })
    this.bytes += all.length * SPAN_BYTES
    this.shrink(room)
  }

  has(traceId: string): boolean {
    return this.entries.has(traceId)
  }

  /** Gives the spans of a trace, and forgets them. */
  take(traceId: string): readonly S[] {
    const entry = this.entries.get(traceId)
    if (entry === undefined) return []
    this.remove(traceId, entry)
    return entry.spans
  }

  /** Forgets the oldest until no more than `room` bytes are left. */
  shrink(room: number): void {
    const now = performance.now()
    for (const [traceId, entry] of this.entries) {
      if (this.bytes <= room && entry.until >= now) return
      this.remove(traceId, entry)
      this.onForget(entry.spans.length)
    }
  }

  clear(): void {
    for (const [traceId, entry] of this.entries) {
      this.remove(traceId, entry)
      this.onForget(entry.spans.length)
    }
  }

  private remove(traceId: string, { spans }: Entry<S>): void {
    this.entries.delete(traceId)
    this.bytes -= spans.length * SPAN_BYTES
  }
}
