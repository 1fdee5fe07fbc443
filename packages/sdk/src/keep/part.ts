import type { Attributes, HrTime, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api'
import type { Threshold } from './threshold.ts'

/** What is read of a span to judge it: a record of ours, or a span of OpenTelemetry's SDK. */
export interface JudgedSpan {
  readonly name: string
  readonly kind: SpanKind
  readonly parentSpanContext?: SpanContext | undefined
  readonly status: SpanStatus
  readonly startTime: HrTime
  readonly endTime: HrTime
  spanContext(): SpanContext
}

/** How spans are read, and where those that are kept go. */
export interface SpanExit<S extends JudgedSpan> {
  attribute(span: S, key: string): unknown
  /** Sends a span with this context in place of its own, and with more attributes. */
  send(span: S, context: SpanContext, attributes: Attributes | undefined): void
}

/** A log line of a trace, which waits with its spans. */
export interface WaitingLine {
  /** Whether it goes out though its trace does not: a warning or worse. */
  isUrgent(): boolean
  send(): void
}

/** Why a part is kept, as `callchain.kept` says. */
export type KeepReason =
  | 'failed'
  | 'slow'
  | 'share'
  | 'rule'
  | 'caller'
  | 'callee'
  | 'late'
  | 'forced'

/** The decision to keep a part. */
export interface Verdict {
  readonly reason: KeepReason
  /** How likely it was; `'given'` as the caller's trace state says, undefined when nobody knows. */
  readonly threshold: Threshold | 'given' | undefined
  /** What the application said when it asked for it. */
  readonly note?: string | undefined
}

/** Where a trace enters this process. */
export interface Entry {
  /** The parent whose flag counts; undefined where a trace begins, and for a stranger's. */
  readonly caller: SpanContext | undefined
  readonly randomness: string
  /** Of the local root. */
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** All spans of one trace in this process, from its first local root to the end of its last. */
export interface Part<S extends JudgedSpan> {
  readonly traceId: string
  /** On the clock of `performance.now()`. */
  readonly startedAt: number
  /** When it was looked at last, on the same clock. */
  judgedAt: number
  openRoots: number
  verdict: Verdict | undefined
  /** Whether it was judged before its end, and is not kept as far as is known. */
  isGivenUp: boolean
  spans: S[]
  lines: WaitingLine[] | undefined
  /** Who waits for the decision to keep it. */
  listeners: (() => void)[] | undefined
}

/** A part of which nothing is decided. */
export function openPart<S extends JudgedSpan>(traceId: string): Part<S> {
  const now = performance.now()
  return {
    traceId,
    startedAt: now,
    judgedAt: now,
    openRoots: 0,
    verdict: undefined,
    isGivenUp: false,
    spans: [],
    lines: undefined,
    listeners: undefined,
  }
}

/** Lets a line wait for its trace. */
export function addLine<S extends JudgedSpan>(part: Part<S>, line: WaitingLine): void {
  if (part.isGivenUp) {
    if (line.isUrgent()) line.send()
    return
  }
  part.lines ??= []
  part.lines.push(line)
}

/** Has `callback` called when a part is kept whatever its share. */
export function listen<S extends JudgedSpan>(part: Part<S>, callback: () => void): void {
  part.listeners ??= []
  part.listeners.push(callback)
}
