import type { Outlet } from './outlet.ts'
import type { JudgedSpan, Verdict } from './part.ts'
import { Remembered } from './remembered.ts'
import { Rumours } from './rumours.ts'

/** Traces of which it is known that they are kept, for what ends late. */
const MAX_KEPT = 5000

/** What becomes of parts, for the counters. */
export interface KeepCounts {
  kept(reason: Verdict['reason']): void
  /** Spans that are not kept. */
  dropped(spans: number): void
}

/** The parts that are over: which of them were kept, and those that can still be rescued. */
export class ClosedParts<S extends JudgedSpan> {
  readonly rumours: Rumours
  private readonly counts: KeepCounts
  private readonly outlet: Outlet<S>
  private readonly kept = new Map<string, Verdict>()
  private readonly remembered: Remembered<S>

  constructor(rememberMillis: number, outlet: Outlet<S>, counts: KeepCounts) {
    this.counts = counts
    this.outlet = outlet
    this.rumours = new Rumours(rememberMillis)
    this.remembered = new Remembered(rememberMillis, (spans) => counts.dropped(spans))
  }

  /** About how many bytes of spans it holds. */
  get bytes(): number {
    return this.remembered.bytes
  }

  /** The decision to keep a trace, if there is one. */
  verdictOf(traceId: string): Verdict | undefined {
    return this.kept.get(traceId)
  }

  /** Whether there are spans of a trace that can be rescued. */
  has(traceId: string): boolean {
    return this.remembered.has(traceId)
  }

  /** A part that was kept is over. */
  keep(traceId: string, verdict: Verdict): void {
    this.counts.kept(verdict.reason)
    this.kept.set(traceId, verdict)
    if (this.kept.size <= MAX_KEPT) return
    const [oldest] = this.kept.keys()
    if (oldest !== undefined) this.kept.delete(oldest)
  }

  /** Spans that are not kept, as far as is known; they are remembered within `room` bytes. */
  drop(traceId: string, spans: readonly S[], room: number): void {
    this.remembered.add(traceId, spans, room)
  }

  /** Forgets the oldest until no more than `room` bytes are left. */
  shrink(room: number): void {
    this.remembered.shrink(room)
  }

  /** Sends what is remembered of a trace. */
  release(traceId: string, verdict: Verdict): void {
    this.outlet.sendAll(this.remembered.take(traceId), verdict)
  }

  /** Keeps a trace of which no part is open, if it is not kept already. */
  rescue(traceId: string, verdict: Verdict): void {
    if (this.kept.has(traceId)) return
    this.keep(traceId, verdict)
    this.rumours.add(traceId)
    this.release(traceId, verdict)
  }

  clear(): void {
    this.remembered.clear()
  }
}
