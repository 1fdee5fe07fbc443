/**
 * What the option `telemetry` of BullMQ takes. It hands our contexts and spans on, and looks into
 * neither.
 */
export interface BullTelemetry {
  readonly tracer: {
    startSpan(name: string, options?: { kind: number }, context?: unknown): BullSpan
  }
  readonly contextManager: {
    with<Run extends (...args: never[]) => unknown>(context: unknown, run: Run): ReturnType<Run>
    active(): unknown
    root(): unknown
    getMetadata(context: unknown): string
    fromMetadata(active: unknown, metadata: string): unknown
  }
}

/** What BullMQ does with a span. */
export interface BullSpan {
  setSpanOnContext(context: unknown): unknown
  setAttribute(name: string, value: unknown): void
  setAttributes(attributes: Readonly<Record<string, unknown>>): void
  addEvent(name: string, attributes?: Readonly<Record<string, unknown>>): void
  recordException(error: unknown): void
  end(): void
}

/** A context as we hand it to BullMQ. */
export interface BullContext {
  readonly context: import('@opentelemetry/api').Context
  /** The headers of the job that is sent, or that has come. */
  readonly metadata?: string
}
