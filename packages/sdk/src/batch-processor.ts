import { context } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { LossReport } from './loss-report.ts'

/** The sizes and times of a batch processor; times in milliseconds. */
export interface BatchLimits {
  readonly maxQueueSize: number
  readonly maxExportBatchSize: number
  readonly scheduledDelayMillis: number
  readonly exportTimeoutMillis: number
}

/** A batch processor, with what an ending process asks of it. */
export interface BatchProcessor extends SpanProcessor {
  /** Whether it has spans to send. */
  readonly pending: boolean
  /** Sends what waits, as `forceFlush` does, but without keeping the process alive meanwhile. */
  drain(): Promise<void>
  /** Counts what waits as lost, for the process ends before it can be sent. */
  abandon(): void
}

const SAMPLED = 1

/**
 * A span processor with a bounded queue, one export at a time. What does not fit in the queue and
 * what an export fails to deliver goes to `losses`; the processor never rejects and, but for a flush
 * that somebody waits for, never keeps the process alive.
 */
export function createBatchProcessor(
  exporter: SpanExporter,
  limits: BatchLimits,
  losses: LossReport,
): BatchProcessor {
  return new BoundedBatchProcessor(exporter, limits, losses)
}

class BoundedBatchProcessor implements BatchProcessor {
  private readonly exporter: SpanExporter
  private readonly limits: BatchLimits
  private readonly losses: LossReport
  private queue: ReadableSpan[] = []
  private timer: NodeJS.Timeout | undefined
  private scheduled: NodeJS.Immediate | undefined
  /** The export under way; resolves to whether it delivered. */
  private exporting: Promise<boolean> | undefined
  /** How many spans that export carries. */
  private carried = 0
  private stopped: Promise<void> | undefined

  constructor(exporter: SpanExporter, limits: BatchLimits, losses: LossReport) {
    this.exporter = exporter
    this.limits = limits
    this.losses = losses
  }

  get pending(): boolean {
    return this.queue.length > 0 || this.carried > 0
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.stopped !== undefined || (span.spanContext().traceFlags & SAMPLED) === 0) return
    if (this.queue.length >= this.limits.maxQueueSize) {
      this.losses.add(1, `the queue of ${this.limits.maxQueueSize} spans is full`)
      return
    }
    this.queue.push(span)
    if (this.exporting === undefined) this.schedule()
  }

  async forceFlush(): Promise<void> {
    // Exports hold nothing themselves, so somebody who awaits the flush would be left without it.
    const held = setInterval(() => {}, 2 ** 30)
    try {
      await this.drain()
    } finally {
      clearInterval(held)
    }
  }

  async drain(): Promise<void> {
    // Gives up at the first failure, for the next export would fail too.
    if (this.exporting !== undefined && !(await this.exporting)) return
    let left = this.queue.length
    while (left > 0) {
      left -= this.limits.maxExportBatchSize
      if (!(await this.exportBatch())) return
    }
  }

  abandon(): void {
    const left = this.queue.length + this.carried
    this.queue = []
    this.carried = 0
    if (left > 0) this.losses.add(left, 'the process ended before the collector had taken them')
  }

  shutdown(): Promise<void> {
    this.stopped ??= this.stop()
    return this.stopped
  }

  private async stop(): Promise<void> {
    await this.forceFlush()
    this.cancelSchedule()
    if (this.queue.length > 0) this.losses.add(this.queue.length, 'tracing was shut down')
    this.queue = []
    await this.exporter.shutdown().catch(() => {})
  }

  private schedule(): void {
    if (this.queue.length >= this.limits.maxExportBatchSize) {
      // Not at once: serialising a batch would delay the request whose span has just ended.
      this.scheduled ??= setImmediate(this.exportNext).unref()
    } else {
      this.timer ??= setTimeout(this.exportNext, this.limits.scheduledDelayMillis).unref()
    }
  }

  private cancelSchedule(): void {
    clearTimeout(this.timer)
    clearImmediate(this.scheduled)
    this.timer = undefined
    this.scheduled = undefined
  }

  private readonly exportNext = (): void => {
    void this.exportBatch()
  }

  /** Exports one batch, after the export under way; resolves to whether it was delivered. */
  private async exportBatch(): Promise<boolean> {
    this.cancelSchedule()
    while (this.exporting !== undefined) await this.exporting
    if (this.queue.length === 0) return true
    const batch = this.queue.splice(0, this.limits.maxExportBatchSize)
    this.carried = batch.length
    this.exporting = this.export(batch).then((failure) => {
      this.exporting = undefined
      if (failure !== undefined && this.carried > 0) this.losses.add(this.carried, failure)
      this.carried = 0
      if (this.queue.length > 0 && this.stopped === undefined) this.schedule()
      return failure === undefined
    })
    return this.exporting
  }

  /** Resolves to why the batch was not delivered; undefined if it was. Never rejects. */
  private export(batch: ReadableSpan[]): Promise<string | undefined> {
    return new Promise((resolve) => {
      const millis = this.limits.exportTimeoutMillis
      const late = (): void => resolve(`the exporter did not finish in ${millis} ms`)
      const timer = setTimeout(late, millis).unref()
      const finish = (result: ExportResult): void => {
        clearTimeout(timer)
        const { code, error } = result
        resolve(
          code === ExportResultCode.SUCCESS ? undefined : (error?.message ?? 'the exporter failed'),
        )
      }
      const fail = (error: Error): void => finish({ code: ExportResultCode.FAILED, error })
      settledResources(batch)
        .then(() =>
          context.with(suppressTracing(context.active()), () =>
            this.exporter.export(batch, finish),
          ),
        )
        .catch(fail)
    })
  }
}

async function settledResources(batch: readonly ReadableSpan[]): Promise<void> {
  // All spans of a provider share its resource.
  const resource = batch[0]?.resource
  if (resource?.asyncAttributesPending) await resource.waitForAsyncAttributes?.()
}
