import { createContextManager } from '@callchain/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, trace } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, isTracingSuppressed } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  type ReadableSpan,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { BatchLimits } from '../src/config/limits.ts'
import { createBatchProcessor } from '../src/export/batch-processor.ts'
import type { BatchProcessor } from '../src/export/batch-processor-type.ts'
import { estimateSpan } from '../src/export/estimate-bytes.ts'
import { createLossReport } from '../src/report/loss-report.ts'

const LIMITS: BatchLimits = {
  maxQueueSize: 4,
  maxQueueBytes: 1_000_000,
  maxExportBatchSize: 2,
  scheduledDelayMillis: 60_000,
  exportTimeoutMillis: 60_000,
  exitTimeoutMillis: 60_000,
}

/** An exporter whose exports the test finishes by hand. */
class HeldExporter implements SpanExporter {
  readonly batches: string[][] = []
  readonly suppressed: boolean[] = []
  private finish: ((result: ExportResult) => void) | undefined
  private begun: (() => void) | undefined

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.batches.push(spans.map(({ name }) => name))
    this.suppressed.push(isTracingSuppressed(context.active()))
    this.finish = done
    this.begun?.()
  }

  async shutdown(): Promise<void> {}

  /** Waits for the next export to begin, then ends it. */
  async end(code: ExportResultCode, error?: Error): Promise<void> {
    if (this.finish === undefined) {
      await new Promise<void>((resolve) => {
        this.begun = resolve
      })
    }
    const finish = this.finish
    this.finish = undefined
    this.begun = undefined
    finish?.(error ? { code, error } : { code })
  }
}

let warnings: string[]
let exporter: HeldExporter
let processor: BatchProcessor

function record(...names: string[]): void {
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test')
  for (const name of names) tracer.startSpan(name).end()
}

function create(limits: Partial<BatchLimits> = {}): void {
  const losses = createLossReport((message) => warnings.push(message))
  processor = createBatchProcessor(exporter, { ...LIMITS, ...limits }, losses, estimateSpan)
}

beforeEach(() => {
  context.setGlobalContextManager(createContextManager().enable())
  warnings = []
  exporter = new HeldExporter()
  create()
})

afterEach(() => {
  context.disable()
  trace.disable()
})

describe('the report of losses', () => {
  it('speaks at once, and then says the sum of a minute when it is over', async () => {
    await new Promise<void>((resolve) => {
      const losses = createLossReport((message) => {
        if (warnings.push(message) === 2) resolve()
      }, 20)
      losses.add(1, 'first')
      losses.add(2, 'second')
      losses.add(3, 'third')
    })
    expect(warnings).toEqual([
      '1 span was lost: first',
      '5 spans were lost in the last minute: 2: second; 3: third',
    ])
  })
})

describe('the batch processor', () => {
  it('exports as soon as a batch is full, one batch at a time, tracing suppressed', async () => {
    record('a', 'b', 'c', 'd')
    await exporter.end(ExportResultCode.SUCCESS)
    await exporter.end(ExportResultCode.SUCCESS)
    expect(exporter.batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(exporter.suppressed).toEqual([true, true])
  })

  it('exports a full batch in an idle process too, whose event loop it wakes', async () => {
    const awaited = (): number =>
      process.getActiveResourcesInfo().filter((type) => type === 'Immediate').length
    const before = awaited()
    record('a', 'b')
    expect(awaited()).toBe(before + 1)
    await exporter.end(ExportResultCode.SUCCESS)
    expect(exporter.batches).toEqual([['a', 'b']])
  })

  it('exports what waits when its time is up', async () => {
    create({ scheduledDelayMillis: 1 })
    record('a')
    await exporter.end(ExportResultCode.SUCCESS)
    expect(exporter.batches).toEqual([['a']])
  })

  it('drops and counts what a full queue cannot take, and says so once', async () => {
    record('a', 'b', 'c', 'd', 'e', 'f')
    const flushed = processor.forceFlush()
    await exporter.end(ExportResultCode.SUCCESS)
    await exporter.end(ExportResultCode.SUCCESS)
    await flushed
    expect(exporter.batches.flat()).toEqual(['a', 'b', 'c', 'd'])
    expect(warnings).toEqual(['2 spans were lost: the queue of 4 spans is full'])
  })

  it('counts what did not fit together with the failed export that held the queue up', async () => {
    record('a', 'b', 'c', 'd', 'e', 'f', 'g')
    const flushed = processor.forceFlush()
    await exporter.end(ExportResultCode.FAILED, new Error('it is broken'))
    await flushed
    expect(warnings).toEqual(['5 spans were lost: it is broken'])
    expect(processor.pending).toBe(true)
  })

  it('counts the spans of an export that failed, and goes on with the next', async () => {
    record('a', 'b')
    await exporter.end(ExportResultCode.FAILED, new Error('it is broken'))
    record('c', 'd')
    await exporter.end(ExportResultCode.SUCCESS)
    expect(exporter.batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(warnings).toEqual(['2 spans were lost: it is broken'])
  })

  it('survives an exporter that throws', async () => {
    exporter.export = () => {
      throw new Error('not today')
    }
    record('a')
    await processor.forceFlush()
    expect(warnings).toEqual(['1 span was lost: not today'])
  })

  it('does not wait for an exporter that never finishes', async () => {
    create({ exportTimeoutMillis: 5 })
    record('a')
    await processor.forceFlush()
    expect(warnings).toEqual(['1 span was lost: the exporter did not finish within 5 ms'])
  })

  it('flushes what is under way and what waits', async () => {
    record('a', 'b', 'c')
    let done = false
    const flushed = processor.forceFlush().then(() => {
      done = true
    })
    await exporter.end(ExportResultCode.SUCCESS)
    expect(done).toBe(false)
    await exporter.end(ExportResultCode.SUCCESS)
    await flushed
    expect(exporter.batches).toEqual([['a', 'b'], ['c']])
    expect(processor.pending).toBe(false)
  })

  it('gives up at shutdown when the first export fails, and counts the rest', async () => {
    record('a', 'b', 'c')
    const stopped = processor.shutdown()
    await exporter.end(ExportResultCode.FAILED, new Error('it is broken'))
    await stopped
    expect(exporter.batches).toEqual([['a', 'b']])
    expect(warnings).toEqual(['3 spans were lost: it is broken'])
    record('d')
    expect(processor.pending).toBe(false)
  })

  it('takes no span that is not sampled', () => {
    const provider = new TracerProvider({
      sampler: new AlwaysOffSampler(),
      spanProcessors: [processor],
    })
    provider.getTracer('test').startSpan('a').end()
    expect(processor.pending).toBe(false)
  })
})
