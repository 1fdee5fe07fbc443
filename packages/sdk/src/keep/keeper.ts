import { ClosedParts, type KeepCounts } from './closed-parts.ts'
import { Judge } from './judge.ts'
import { Limiter } from './limiter.ts'
import { OpenParts } from './open-parts.ts'
import { isCertain, isLocalRoot, Outlet } from './outlet.ts'
import {
  addLine,
  type Entry,
  type JudgedSpan,
  listen,
  type Part,
  type SpanExit,
  type Verdict,
  type WaitingLine,
} from './part.ts'
import type { KeepSettings } from './settings.ts'
import { CERTAIN } from './threshold.ts'

/** With more spans than this, a part is judged by what is known. */
const MAX_SPANS = 1000
const BY_CALLER: Verdict = { reason: 'caller', threshold: 'given' }

/** Decides which parts of traces are kept, when their local root ends or something in them fails. */
export class Keeper<S extends JudgedSpan> {
  private readonly memory: number
  private readonly judge: Judge<S>
  private readonly outlet: Outlet<S>
  private readonly parts = new OpenParts<S>()
  private readonly closed: ClosedParts<S>

  constructor(settings: KeepSettings, exit: SpanExit<S>, counts: KeepCounts) {
    this.memory = settings.memory
    this.outlet = new Outlet(exit)
    this.judge = new Judge(settings, exit, new Limiter(settings.perSecond))
    this.closed = new ClosedParts(settings.rememberMillis, this.outlet, counts)
  }

  /** Opens the part that a local root is in, and gives the decision if there is one already. */
  open(traceId: string, { caller, randomness, name, attributes }: Entry): Verdict | undefined {
    const part = this.parts.open(traceId)
    if (part.verdict === undefined) {
      const isSampled = caller !== undefined && (caller.traceFlags & 1) === 1
      const verdict = isSampled ? BY_CALLER : this.judge.first(randomness, name, attributes)
      if (verdict !== undefined) this.decide(part, verdict)
    }
    for (const due of this.parts.takeDue()) {
      this.judgeNow(due)
      if (this.parts.isOverfull) this.close(due)
    }
    return part.verdict
  }

  /** The decision to keep a trace, if there is one. */
  verdictOf(traceId: string): Verdict | undefined {
    return this.parts.get(traceId)?.verdict ?? this.closed.verdictOf(traceId)
  }

  /** Whether spans of a trace are recorded here, or were lately. */
  knows(traceId: string): boolean {
    return this.parts.get(traceId) !== undefined || this.verdictOf(traceId) !== undefined
  }

  start(span: S): void {
    const part = isLocalRoot(span) ? this.parts.get(span.spanContext().traceId) : undefined
    if (part !== undefined) part.openRoots++
  }

  end(span: S): void {
    const { traceId } = span.spanContext()
    const part = this.parts.get(traceId)
    if (part !== undefined) this.endIn(part, span)
    else this.endLate(traceId, span)
  }

  private endIn(part: Part<S>, span: S): void {
    const isRoot = isLocalRoot(span)
    if (!isCertain(part.verdict)) {
      const verdict = this.judge.of(span, isRoot)
      if (verdict !== undefined) this.decide(part, verdict)
    }
    if (part.verdict !== undefined) this.outlet.send(span, part.verdict)
    else this.wait(part, span)
    if (isRoot) this.closeRoot(part)
  }

  /** Lets go of a span that must not be seen. */
  discard(span: S): void {
    const part = this.parts.get(span.spanContext().traceId)
    if (isLocalRoot(span)) this.closeRoot(part)
  }

  /** Calls back when this part is kept whatever its share. */
  whenKept(traceId: string, callback: () => void): void {
    const part = this.parts.get(traceId)
    if (isCertain(part?.verdict)) callback()
    else if (part !== undefined) listen(part, callback)
  }

  /** The traces that were kept lately; undefined when there are none. */
  rumours(): string | undefined {
    return this.closed.rumours.read()
  }

  /** Another service has kept a trace: so is what is open or remembered of it here. */
  hear(traceId: string): void {
    if (this.parts.get(traceId) === undefined && !this.closed.has(traceId)) return
    this.keep(traceId, { reason: 'late', threshold: undefined })
  }

  /** Keeps a trace because somebody says so, for certain. */
  force(traceId: string, reason: 'callee' | 'forced', note?: string): void {
    this.keep(traceId, { reason, threshold: CERTAIN, ...(note !== undefined && { note }) })
  }

  /** Lets a line wait for its trace; false when it may go at once. */
  addLine(traceId: string, line: WaitingLine): boolean {
    const part = this.parts.get(traceId)
    if (part === undefined || part.verdict !== undefined) return false
    addLine(part, line)
    return true
  }

  /** Judges what is open by what is known of it, and forgets what is remembered. */
  settle(): void {
    for (const part of this.parts.all()) {
      this.judgeNow(part)
      this.close(part)
    }
    this.closed.clear()
  }

  private keep(traceId: string, verdict: Verdict): void {
    const part = this.parts.get(traceId)
    if (part === undefined) this.closed.rescue(traceId, verdict)
    else if (!isCertain(part.verdict)) this.decide(part, verdict)
  }

  private decide(part: Part<S>, verdict: Verdict): void {
    part.verdict = verdict
    if (isCertain(verdict)) {
      this.closed.rumours.add(part.traceId)
      for (const callback of part.listeners?.splice(0) ?? []) callback()
    }
    this.outlet.sendAll(this.parts.take(part), verdict)
    this.closed.release(part.traceId, verdict)
    for (const line of part.lines?.splice(0) ?? []) line.send()
  }

  private wait(part: Part<S>, span: S): void {
    if (part.isGivenUp) {
      this.forget(part.traceId, [span])
      return
    }
    if (this.parts.add(part, span) > MAX_SPANS) this.judgeNow(part)
    else if (this.parts.bytes + this.closed.bytes > this.memory) this.makeRoom()
  }

  private makeRoom(): void {
    this.closed.shrink(Math.max(0, this.memory - this.parts.bytes))
    const oldest = this.parts.bytes > this.memory ? this.parts.oldestWaiting() : undefined
    if (oldest !== undefined) this.judgeNow(oldest)
  }

  private closeRoot(part?: Part<S>): void {
    if (part !== undefined && --part.openRoots <= 0) this.close(part)
  }

  private close(part: Part<S>): void {
    this.parts.close(part)
    if (part.verdict === undefined) this.giveUp(part)
    else this.closed.keep(part.traceId, part.verdict)
  }

  private giveUp(part: Part<S>): void {
    part.isGivenUp = true
    this.forget(part.traceId, this.parts.take(part))
    for (const line of part.lines?.splice(0) ?? []) addLine(part, line)
  }

  private forget(traceId: string, spans: readonly S[]): void {
    this.closed.drop(traceId, spans, Math.max(0, this.memory - this.parts.bytes))
  }

  private endLate(traceId: string, span: S): void {
    const known = this.closed.verdictOf(traceId)
    const verdict = known ?? this.judge.of(span, false)
    if (verdict === undefined) this.forget(traceId, [span])
    else {
      this.closed.rescue(traceId, { ...verdict, reason: 'late' })
      this.outlet.send(span, verdict)
    }
  }

  private judgeNow(part: Part<S>): void {
    if (part.verdict !== undefined) return
    const verdict = this.judge.ofOpen(part)
    if (verdict === undefined) this.giveUp(part)
    else this.decide(part, verdict)
  }
}
