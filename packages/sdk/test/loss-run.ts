import { createRecorderProvider } from '@callchain/recorder'
import { expect, jest } from '@jest/globals'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import fc from 'fast-check'
import { createBatchProcessor } from '../src/export/batch-processor.ts'
import type { BatchProcessor } from '../src/export/batch-processor-type.ts'
import { createChunkProcessor } from '../src/export/chunk-processor.ts'
import type { Collector } from '../src/export/collector.ts'
import { inTime } from '../src/export/exit-flush.ts'
import { type ExportFailure, toExportError } from '../src/export/export-failure.ts'
import type { Exportable, Exporter } from '../src/export/export-spans.ts'
import { createLossReport, type LossReport } from '../src/report/loss-report.ts'
import { decodeRequest, spansOf } from './otlp-decoder.ts'

export const EXIT_MILLIS = 2000
const LIMITS = {
  maxQueueSize: 20,
  maxQueueBytes: 1000,
  maxExportBatchSize: 4,
  scheduledDelayMillis: 50,
  exportTimeoutMillis: 3000,
  exitTimeoutMillis: EXIT_MILLIS,
}

/** What the collector does with one request, and after how many milliseconds. */
interface Answer {
  readonly kind: 'takes' | 'fails' | 'refuses' | 'throttles' | 'hangs' | 'throws' | 'says nothing'
  readonly millis: number
}

type Step =
  | { readonly act: 'end'; readonly count: number }
  | { readonly act: 'flush' | 'drain' | 'finish' | 'shutdown' }
  | { readonly act: 'wait'; readonly millis: number }

export const answers = fc.record({
  kind: fc.constantFrom<Answer['kind'][]>(
    'takes',
    'takes',
    'fails',
    'refuses',
    'throttles',
    'hangs',
    'throws',
    'says nothing',
  ),
  millis: fc.integer({ min: 0, max: 1500 }),
})

export const steps = fc.oneof(
  fc.record({ act: fc.constant('end' as const), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ act: fc.constantFrom('flush' as const, 'drain' as const, 'finish' as const) }),
  fc.record({ act: fc.constantFrom('wait' as const), millis: fc.integer({ min: 0, max: 1500 }) }),
  fc.record({ act: fc.constant('shutdown' as const) }),
)

/** What a run asks of a processor, whatever waits in it. */
type Tested = Pick<
  BatchProcessor,
  'pending' | 'forceFlush' | 'drain' | 'finish' | 'abandon' | 'shutdown'
>

interface Item extends Exportable {
  readonly id: number
}

/** A queue in front of a collector that gives these answers in turn, and takes what comes after them. */
export class LossRun {
  readonly delivered = new Set<number>()
  ended = 0
  lost = 0
  readonly processor: Tested
  readonly sayRest: () => void
  /** Ends one span of that id. */
  private readonly endOne: (id: number) => void
  /** How often the process had no more time: what the collector does after that, nobody hears. */
  private givenUp = 0
  private readonly answers: Answer[]

  constructor(form: 'objects' | 'bytes', planned: readonly Answer[]) {
    this.answers = [...planned]
    const losses = createLossReport((message) => {
      this.lost += Number(/^(\d+) spans? w/.exec(message)?.[1])
    })
    this.sayRest = losses.sayRest
    const made = form === 'objects' ? this.ofObjects(losses) : this.ofBytes(losses)
    this.processor = made.processor
    this.endOne = made.endOne
  }

  private ofObjects(losses: LossReport): { processor: Tested; endOne(id: number): void } {
    const exporter: Exporter<Item> = {
      export: (items, done) => {
        const ids = items.map(({ id }) => id)
        const end = (failure?: ExportFailure): void => {
          if (failure?.reason === 'says nothing') Reflect.apply(done, undefined, [])
          else done(toResult(failure))
          // A second time changes nothing.
          done({ code: ExportResultCode.FAILED })
        }
        this.receive(() => ids, end)
      },
      shutdown: async () => {},
    }
    const processor = createBatchProcessor<Item>(exporter, LIMITS, losses, () => 50)
    const spanContext = () => ({ traceId: '', spanId: '', traceFlags: 1 })
    return { processor, endOne: (id) => processor.onEnd({ id, spanContext }) }
  }

  private ofBytes(losses: LossReport): { processor: Tested; endOne(id: number): void } {
    let isRead = false
    const collector: Collector = {
      post: (body) =>
        new Promise((resolve) => {
          isRead = false
          const idsIn = (): number[] =>
            spansOf(decodeRequest(Buffer.from(body), undefined)).map(({ name }) => Number(name))
          const ids = idsIn()
          // As long as it is being sent, nobody else may write into its memory.
          const idsThen = (): number[] => {
            expect(idsIn()).toEqual(ids)
            return ids
          }
          this.receive(idsThen, (failure) => {
            isRead = failure === undefined
            resolve(failure)
          })
        }),
      hasTaken: () => false,
      hasReadBody: () => isRead,
      stopRetrying() {},
      close() {},
    }
    // Room for the twenty at once, but not for those that are being sent as well.
    const limits = { ...LIMITS, maxQueueBytes: 2500 }
    const processor = createChunkProcessor(collector, limits, losses, { 'service.name': 'a' })
    const provider = createRecorderProvider({ sink: { add: (span) => processor.onEnd(span) } })
    const tracer = provider.getTracer('a')
    return { processor, endOne: (id) => tracer.startSpan(String(id)).end() }
  }

  /** Does with a request what is planned. */
  private receive(ids: () => readonly number[], end: (failure?: ExportFailure) => void): void {
    const { kind, millis } = this.answers.shift() ?? { kind: 'takes', millis: 1 }
    if (kind === 'throws') throw new Error('thrown')
    if (kind === 'hangs') return
    const { givenUp } = this
    setTimeout(() => {
      const sent = ids()
      if (givenUp !== this.givenUp) return
      if (kind === 'takes') for (const id of sent) this.delivered.add(id)
      end(kind === 'takes' ? undefined : failureOf(kind))
    }, millis)
  }

  end(count: number): void {
    for (let left = count; left > 0; left--) this.endOne(this.ended++)
  }

  /** As an ending process does. */
  stop(how: 'finish' | 'shutdown'): Promise<void> {
    return inTime(
      () => this.processor[how](),
      EXIT_MILLIS,
      () => {
        this.givenUp++
        this.processor.abandon('late')
      },
    )
  }

  take(step: Step): Promise<unknown> {
    if (step.act === 'end') this.end(step.count)
    else if (step.act === 'wait') return jest.advanceTimersByTimeAsync(step.millis)
    else if (step.act === 'flush') void this.processor.forceFlush()
    else if (step.act === 'drain') void this.processor.drain()
    else void this.stop(step.act)
    return Promise.resolve()
  }
}

function failureOf(kind: Answer['kind']): ExportFailure {
  const pause = kind === 'throttles' && { retryAfterMillis: 700 }
  return { reason: kind, refused: kind === 'refuses', ...pause }
}

function toResult(failure: ExportFailure | undefined): ExportResult {
  if (failure === undefined) return { code: ExportResultCode.SUCCESS }
  return { code: ExportResultCode.FAILED, error: toExportError(failure) }
}
