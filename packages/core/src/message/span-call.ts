import type { Attributes, Context, Span } from '@opentelemetry/api'
import { noteThrown } from '../otel/guard.ts'
import type { MessageOutcome } from './exchange.ts'

/** A span of a message that is open: it ends once, and never throws at the library that ends it. */
export abstract class SpanCall {
  readonly span: Span
  readonly context: Context
  /** The attributes that its metrics share with it. */
  protected readonly shared: () => Attributes
  private readonly startedAt = performance.now()
  private ended = false

  constructor(span: Span, context: Context, shared: () => Attributes) {
    this.span = span
    this.context = context
    this.shared = shared
  }

  protected get seconds(): number {
    return (performance.now() - this.startedAt) / 1000
  }

  protected finish(outcome: MessageOutcome): void {
    if (this.ended) return
    this.ended = true
    try {
      this.end(outcome)
    } catch (error) {
      noteThrown('ending a span', error)
    }
  }

  protected abstract end(outcome: MessageOutcome): void
}
