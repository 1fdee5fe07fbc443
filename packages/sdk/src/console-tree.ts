import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import {
  drawTree,
  groupByParent,
  type Painter,
  plainPainter,
  terminalPainter,
} from './tree-drawing.ts'

/** Where trees are written; process.stderr fits. */
export interface TreeOutput {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** The bounds of what waits for its tree to be complete. */
export interface TreeBounds {
  /** Most spans that wait; beyond that, the oldest trace is printed as it is. */
  readonly maxSpans: number
  /** How long a span waits whose local root has ended or was never seen, in milliseconds. */
  readonly orphanMillis: number
}

const DEFAULT_BOUNDS: TreeBounds = { maxSpans: 10_000, orphanMillis: 1000 }

/** A span processor that knows whether spans wait to be printed; `forceFlush` prints them. */
export interface ConsoleTree extends SpanProcessor {
  readonly pending: boolean
}

interface WaitingTrace {
  spans: ReadableSpan[]
  /** Local roots that have begun and not ended. */
  openRoots: number
  timer?: NodeJS.Timeout
}

/**
 * A span processor that prints each call chain as a tree when its local root ends: to a terminal with
 * colours, unless `NO_COLOR` is set (no-color.org). What ends after its root, or has none in this
 * process, is printed a little later.
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

  onStart(span: Span): void {
    if (isLocalRoot(span)) this.traceOf(span).openRoots++
  }

  onEnd(span: ReadableSpan): void {
    const trace = this.traceOf(span)
    trace.spans.push(span)
    this.waiting++
    const root = isLocalRoot(span)
    if (root) trace.openRoots--
    if (root) this.print(trace, descendants(trace.spans, span))
    this.settle(span.spanContext().traceId, trace)
    if (this.waiting > this.bounds.maxSpans) this.printOldest()
  }

  async forceFlush(): Promise<void> {
    for (const [id, trace] of this.traces) {
      this.print(trace, trace.spans)
      this.settle(id, trace)
    }
  }

  async shutdown(): Promise<void> {
    await this.forceFlush()
    for (const trace of this.traces.values()) clearTimeout(trace.timer)
    this.traces.clear()
  }

  private traceOf(span: ReadableSpan): WaitingTrace {
    const { traceId } = span.spanContext()
    const known = this.traces.get(traceId)
    if (known !== undefined) return known
    const trace: WaitingTrace = { spans: [], openRoots: 0 }
    this.traces.set(traceId, trace)
    return trace
  }

  /** Forgets a trace that is done, and lets one without an open root wait for a short time only. */
  private settle(traceId: string, trace: WaitingTrace): void {
    clearTimeout(trace.timer)
    if (trace.openRoots > 0) return
    if (trace.spans.length === 0) {
      this.traces.delete(traceId)
      return
    }
    trace.timer = setTimeout(() => {
      this.print(trace, trace.spans)
      this.settle(traceId, trace)
    }, this.bounds.orphanMillis).unref()
  }

  private printOldest(): void {
    for (const [id, trace] of this.traces) {
      if (trace.spans.length === 0) continue
      this.print(trace, trace.spans)
      this.settle(id, trace)
      return
    }
  }

  private print(trace: WaitingTrace, spans: readonly ReadableSpan[]): void {
    if (spans.length === 0) return
    const printed = new Set(spans)
    trace.spans = trace.spans.filter((span) => !printed.has(span))
    this.waiting -= printed.size
    this.output.write(drawTree(spans, this.painter))
  }
}

function isLocalRoot(span: ReadableSpan): boolean {
  return span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true
}

/** `root` and those of `spans` below it. */
function descendants(spans: readonly ReadableSpan[], root: ReadableSpan): ReadableSpan[] {
  const children = groupByParent(spans)
  const found = [root]
  for (const span of found) {
    for (const child of children.get(span.spanContext().spanId) ?? []) {
      // A root of its own prints its own tree.
      if (!isLocalRoot(child)) found.push(child)
    }
  }
  return found
}
