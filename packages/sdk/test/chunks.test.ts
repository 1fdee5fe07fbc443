import { createRecorderProvider } from '@callchain/recorder'
import { afterEach, describe, expect, it } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import fc from 'fast-check'
import type { BatchProcessor } from '../src/export/batch-processor-type.ts'
import { createChunkProcessor } from '../src/export/chunk-processor.ts'
import type { ExportFailure } from '../src/export/export-failure.ts'
import type { StartTracingOptions, Tracing } from '../src/index.ts'
import { createLossReport } from '../src/report/loss-report.ts'
import { type Answer, type Collector, startCollector } from './collector.ts'
import { decodeRequest, spansOf } from './otlp-decoder.ts'
import { said, start } from './tracing-session.ts'

const LIMITS = {
  maxQueueSize: 2048,
  maxQueueBytes: 4_000_000,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 60_000,
  exportTimeoutMillis: 60_000,
  exitTimeoutMillis: 60_000,
}
/** More than half of a chunk's buffer, so that the chunk is sent from that buffer. */
const LARGE = 'x'.repeat(150_000)

let collector: Collector | undefined

async function begin(options: StartTracingOptions = {}, answer?: Answer): Promise<Tracing> {
  collector = await startCollector(answer)
  return start({ endpoint: collector.url, serviceName: 'a', ...options })
}

afterEach(async () => {
  await collector?.close()
  collector = undefined
})

function namesIn(body: Uint8Array): string[] {
  return spansOf(decodeRequest(Buffer.from(body), undefined)).map(({ name }) => name)
}

/** A processor in front of requests that the test ends by hand. */
function createHeld(): {
  bodies: Uint8Array[]
  processor: BatchProcessor<never>
  record(name: string): void
  answer(failure?: ExportFailure): Promise<void>
} {
  const bodies: Uint8Array[] = []
  let end: ((failure?: ExportFailure) => void) | undefined
  const held = {
    post: (body: Uint8Array) => {
      bodies.push(body)
      return new Promise<ExportFailure | undefined>((resolve) => {
        end = resolve
      })
    },
    hasTaken: () => false,
    hasReadBody: () => true,
    stopRetrying() {},
    close() {},
  }
  const processor = createChunkProcessor(
    held,
    LIMITS,
    createLossReport(() => {}),
    {},
  )
  const tracer = createRecorderProvider({
    sink: { add: (span) => processor.onEnd(span) },
  }).getTracer('a')
  return {
    bodies,
    processor: processor as BatchProcessor<never>,
    record: (name) => tracer.startSpan(name, { attributes: { LARGE } }).end(),
    async answer(failure) {
      end?.(failure)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('what leaves', () => {
  it('can be decoded, every request of it, and has each span once, in order', async () => {
    const spans = fc.array(
      fc.record({
        size: fc.integer({ min: 0, max: 90_000 }),
        scope: fc.integer({ max: 3, min: 0 }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(
        spans,
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('gzip' as const, 'none' as const),
        async (planned, maxExportBatchSize, compression) => {
          const receiver = await startCollector()
          const tracing = start({
            endpoint: receiver.url,
            serviceName: 'a',
            compression,
            batch: { maxExportBatchSize },
          })
          for (const [index, { size, scope }] of planned.entries()) {
            const span = trace.getTracer(`scope ${scope}`).startSpan(String(index))
            span.setAttribute('text', 'é'.repeat(size)).end()
          }
          await tracing.shutdown()
          await receiver.close()
          const names = receiver.received.map(({ body }) => namesIn(body))
          expect(names.flat()).toEqual(planned.map((_, index) => String(index)))
          expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(
            maxExportBatchSize,
          )
          expect(said()).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
  })

  it('goes out again as it was when the collector asks for it later, and once', async () => {
    let refusals = 2
    const tracing = await begin({ batch: { scheduledDelayMillis: 1 } }, (response) => {
      if (refusals-- > 0) response.writeHead(429, { 'retry-after': '0' })
      response.end()
    })
    const tracer = trace.getTracer('a')
    for (const name of ['one', 'two']) tracer.startSpan(name).end()
    await collector?.requests(3)
    await tracing.shutdown()
    const received = collector?.received
    expect(received?.map(({ body }) => namesIn(body))).toEqual(Array(3).fill(['one', 'two']))
    expect(said()).toEqual([])
  })

  it('waits up to the number of spans that was set, and says what did not fit', async () => {
    const tracing = await begin({ batch: { maxQueueSize: 3 } })
    for (let count = 0; count < 5; count++) trace.getTracer('a').startSpan('one').end()
    await tracing.flush()
    expect(collector?.received.flatMap(({ body }) => namesIn(body))).toHaveLength(3)
    expect(said().join('')).toContain('2 spans were lost: the queue of 3 spans is full')
  })
})

describe('the memory of a chunk', () => {
  it('is used again once the collector has it', async () => {
    const { bodies, processor, record, answer } = createHeld()
    for (const name of ['one', 'two']) {
      record(name)
      const flushed = processor.drain()
      await answer()
      await flushed
    }
    expect(bodies[1]?.buffer).toBe(bodies[0]?.buffer)
  })

  it('is left alone as long as a request that was given up may still be reading it', async () => {
    const { bodies, processor, record, answer } = createHeld()
    record('one')
    void processor.drain()
    processor.abandon('no more time')
    record('two')
    void processor.drain()
    expect(bodies.map(namesIn)).toEqual([['one'], ['two']])
    await answer({ reason: 'reset' })
    record('three')
    void processor.drain()
    expect(bodies.map(namesIn)).toEqual([['one'], ['two'], ['three']])
    await answer()
  })
})
