import { type SpanContext, TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { type TextOutput, writeSafely } from '../report/write-safely.ts'
import { drawTree, type Painter, plainPainter, terminalPainter } from './tree-drawing.ts'

/** Where trees are written; process.stderr fits. */
export interface TreeOutput extends TextOutput {
  readonly isTTY?: boolean
}

/** The bounds of what waits for its tree to be complete. */
export interface TreeBounds {
  /** Most spans that wait; beyond that, the oldest trace is printed as it is. */
  readonly maxSpans: number
  /** How long a trace whose local roots have ended waits for spans that are still open, in milliseconds. */
  readonly orphanMillis: number
  /** How long a trace that began elsewhere waits for its next part here, in milliseconds. */
  readonly remoteMillis: number
}

const DEFAULT_BOUNDS: TreeBounds = { maxSpans: 10_000, orphanMillis: 1000, remoteMillis: 200 }

/** What is read of a span when it begins. */
export interface BegunSpan {
  spanContext(): SpanContext
  readonly parentSpanContext?: SpanContext | undefined
}

/** A span processor that knows whether spans wait to be printed; `forceFlush` prints them. */
export interface ConsoleTree extends Omit<SpanProcessor, 'onStart'> {
  onStart(span: BegunSpan): void
  readonly pending: boolean
  /** Prints what waits, at once. */
  printAll(): void
}

interface WaitingTrace {
  spans: ReadableSpan[]
  /** Spans that have begun and not ended, and how many of them are local roots. */
  open: number
  openRoots: number
  /** Whether the root of the whole trace has been seen here. */
  isOurs: boolean
  timer?: NodeJS.Timeout
}

/**
 * A span processor that prints each call chain as one tree when all of it that this process serves has
 * ended: to a terminal with colours, unless `NO_COLOR` is set (no-color.org). What stays open, and what
 * may come from other processes, is waited for a little.
 */
export function createConsoleTree(
  output: TreeOutput,
  bounds: TreeBounds = DEFAULT_BOUNDS,
): ConsoleTree {
  return new TreePrinter(output, bounds)
}

class TreePrinter implements ConsoleTree {
  private readonly output: TreeOutput
  private readonly bounds: TreeBounds
  private readonly painter: Painter
  /** In the order in which traces began. */
  private readonly traces = new Map<string, WaitingTrace>()
  private waiting = 0

  constructor(output: TreeOutput, bounds: TreeBounds) {
    this.output = output
    this.bounds = bounds
    this.painter = output.isTTY && !process.env.NO_COLOR ? terminalPainter : plainPainter
  }

  get pending(): boolean {
    return this.waiting > 0
  }

  onStart(span: BegunSpan): void {
    const trace = this.traceOf(span)
    trace.open++
    if (span.parentSpanContext === undefined) trace.isOurs = true
    if (!isLocalRoot(span)) return
    trace.openRoots++
    clearTimeout(trace.timer)
  }

  onEnd(span: ReadableSpan): void {
    const trace = this.traceOf(span)
    // Not what was taken back since it began.
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) {
      trace.spans.push(span)
      this.waiting++
    }
    // It may have begun before its trace was printed.
    trace.open = Math.max(0, trace.open - 1)
    if (isLocalRoot(span)) trace.openRoots = Math.max(0, trace.openRoots - 1)
    this.settle(span.spanContext().traceId, trace)
    if (this.waiting > this.bounds.maxSpans) this.printOldest()
  }

  printAll(): void {
    for (const [id, trace] of this.traces) this.print(id, trace)
  }

  async forceFlush(): Promise<void> {
    this.printAll()
  }

  async shutdown(): Promise<void> {
    this.printAll()
    for (const trace of this.traces.values()) clearTimeout(trace.timer)
    this.traces.clear()
  }

  private traceOf(span: BegunSpan): WaitingTrace {
    const { traceId } = span.spanContext()
    const known = this.traces.get(traceId)
    if (known !== undefined) return known
    const trace: WaitingTrace = { spans: [], open: 0, openRoots: 0, isOurs: false }
    this.traces.set(traceId, trace)
    this.boundTraces()
    return trace
  }

  /** A span that never ends must not be remembered forever. */
  private boundTraces(): void {
    const [oldest] = this.traces
    if (oldest === undefined || this.traces.size <= this.bounds.maxSpans) return
    this.print(...oldest)
    this.traces.delete(oldest[0])
  }

  /** Prints a trace that is whole, and lets one without an open root wait for a short time only. */
  private settle(traceId: string, trace: WaitingTrace): void {
    clearTimeout(trace.timer)
    if (trace.openRoots > 0) return
    if (trace.open === 0 && trace.isOurs) {
      this.print(traceId, trace)
      return
    }
    const { orphanMillis, remoteMillis } = this.bounds
    const millis = trace.open === 0 ? remoteMillis : orphanMillis
    trace.timer = setTimeout(() => this.print(traceId, trace), millis).unref()
  }

  private printOldest(): void {
    for (const [id, trace] of this.traces) {
      if (trace.spans.length === 0) continue
      this.print(id, trace)
      return
    }
  }

  /** Prints what a trace has so far, and forgets it unless a local root of it is open. */
  private print(traceId: string, trace: WaitingTrace): void {
    clearTimeout(trace.timer)
    const { spans } = trace
    trace.spans = []
    this.waiting -= spans.length
    if (trace.openRoots === 0) this.traces.delete(traceId)
    if (spans.length === 0) return
    writeSafely(this.output, drawTree(spans, this.painter))
  }
}

function isLocalRoot(span: BegunSpan): boolean {
  return span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true
}
