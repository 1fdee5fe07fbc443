import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { emptyResource } from '@opentelemetry/resources'
import fc from 'fast-check'
import { createBatchProcessor } from '../src/export/batch-processor.ts'
import type { BatchProcessor } from '../src/export/batch-processor-type.ts'
import { inTime } from '../src/export/exit-flush.ts'
import { toExportError } from '../src/export/export-failure.ts'
import type { Exportable, Exporter } from '../src/export/export-spans.ts'
import { createLossReport } from '../src/report/loss-report.ts'

const EXIT_MILLIS = 2000
const LIMITS = {
  maxQueueSize: 20,
  maxQueueBytes: 1000,
  maxExportBatchSize: 4,
  scheduledDelayMillis: 50,
  exportTimeoutMillis: 3000,
  exitTimeoutMillis: EXIT_MILLIS,
}

interface Item extends Exportable {
  readonly id: number
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

const answers = fc.record({
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

const steps = fc.oneof(
  fc.record({ act: fc.constant('end' as const), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ act: fc.constantFrom('flush' as const, 'drain' as const, 'finish' as const) }),
  fc.record({ act: fc.constantFrom('wait' as const), millis: fc.integer({ min: 0, max: 1500 }) }),
  fc.record({ act: fc.constant('shutdown' as const) }),
)

/** A queue in front of a collector that gives these answers in turn, and takes what comes after them. */
class Run {
  readonly delivered = new Set<number>()
  ended = 0
  /** How often the process had no more time: what the collector does after that, nobody hears. */
  private givenUp = 0
  lost = 0
  private readonly answers: Answer[]
  readonly processor: BatchProcessor<Item>

  constructor(planned: readonly Answer[]) {
    this.answers = [...planned]
    const losses = createLossReport(
      (message) => {
        this.lost += Number(/^(\d+) spans? w/.exec(message)?.[1])
      },
      undefined,
      'span',
    )
    this.sayRest = losses.sayRest
    this.processor = createBatchProcessor<Item>(this.exporter, LIMITS, losses, () => 50)
  }

  readonly sayRest: () => void

  private readonly exporter: Exporter<Item> = {
    export: (items, done) => {
      const { kind, millis } = this.answers.shift() ?? { kind: 'takes', millis: 1 }
      if (kind === 'throws') throw new Error('thrown')
      if (kind === 'hangs') return
      const { givenUp } = this
      setTimeout(() => givenUp === this.givenUp && this.answer(kind, items, done), millis)
    },
    shutdown: async () => {},
  }

  private answer(
    kind: Answer['kind'],
    items: readonly Item[],
    done: (result: ExportResult) => void,
  ): void {
    if (kind === 'takes') {
      for (const { id } of items) this.delivered.add(id)
      done({ code: ExportResultCode.SUCCESS })
      // A second time changes nothing.
      done({ code: ExportResultCode.FAILED })
      return
    }
    const reason = kind
    const more = {
      refused: kind === 'refuses',
      ...(kind === 'throttles' && { retryAfterMillis: 700 }),
    }
    if (kind === 'says nothing') Reflect.apply(done, undefined, [])
    else done({ code: ExportResultCode.FAILED, error: toExportError({ reason, ...more }) })
  }

  end(count: number): void {
    for (let left = count; left > 0; left--) {
      const id = this.ended++
      const spanContext = () => ({ traceId: '', spanId: '', traceFlags: 1 })
      this.processor.onEnd({ id, resource: emptyResource(), spanContext })
    }
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

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

describe('nothing is lost in silence', () => {
  it('whatever ends, flushes and stops in whatever order, in front of whatever collector', async () => {
    const plan = fc.tuple(fc.array(answers, { maxLength: 12 }), fc.array(steps, { maxLength: 20 }))
    await fc.assert(
      fc.asyncProperty(plan, async ([planned, taken]) => {
        const run = new Run(planned)
        for (const step of taken) await run.take(step)
        const begun = performance.now()
        const stopped = run.stop('shutdown').then(() => performance.now() - begun)
        await jest.advanceTimersByTimeAsync(EXIT_MILLIS)
        expect(await stopped).toBeLessThanOrEqual(EXIT_MILLIS)
        run.sayRest()
        expect(run.delivered.size + run.lost).toBe(run.ended)
        expect(run.processor.pending).toBe(false)
        run.end(1)
        run.sayRest()
        expect(run.delivered.size + run.lost).toBe(run.ended)
      }),
      { numRuns: 500 },
    )
  })

  it('and a flush returns only when what had ended is delivered, however many wait with it', async () => {
    const slow = fc.record({
      kind: fc.constant('takes' as const),
      millis: fc.integer({ min: 0, max: 1500 }),
    })
    const plan = fc.tuple(
      fc.array(slow, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 400 }),
    )
    await fc.assert(
      fc.asyncProperty(plan, async ([planned, counts, pause]) => {
        const run = new Run(planned)
        const checks: Promise<void>[] = []
        for (const count of counts) {
          run.end(count)
          const { ended } = run
          const check = (): void => {
            for (let id = 0; id < ended; id++) expect(run.delivered).toContain(id)
          }
          checks.push(run.processor.forceFlush().then(check), run.processor.drain().then(check))
          await jest.advanceTimersByTimeAsync(pause)
        }
        await jest.advanceTimersByTimeAsync(60_000)
        await Promise.all(checks)
        expect(run.lost).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})
