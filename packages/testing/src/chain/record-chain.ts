import { type SpanContext, TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Recorder } from '../recorder-interface.ts'
import { observe } from '../recorder-registry.ts'
import type { SpanObserver } from '../span-observer.ts'
import { startTimer, stopTimer } from '../timers.ts'
import type { OrderOf, SpanOrder } from './chain-span.ts'
import { type Chain, chainOfRecorded } from './make-chain.ts'

/** A function to run, and how long its chain is waited for. */
export interface ChainCall<Result> {
  /** The context in which it is run: a span of its own that nobody records. */
  readonly parent: SpanContext
  readonly run: () => Promise<Result>
  readonly until: ((chain: Chain) => boolean) | undefined
  readonly timeout: number
}

/** How long nothing may happen before a chain counts as over: what is sent after the answer begins at once. */
const QUIET_MILLIS = 20

/** Runs the function, and waits until no span of its chain is open. */
export async function recordChain<Result>(
  recorder: Recorder,
  { parent, run, until, timeout }: ChainCall<Result>,
): Promise<Chain<Result>> {
  const log = new ChainLog(parent.traceId)
  const stop = observe(recorder, log)
  try {
    const result = await run()
    const make = (): Chain<Result> => chainOfRecorded(parent.traceId, result, log.kept, log.orderOf)
    const isOver = (): boolean => log.open.size === 0 && (until === undefined || until(make()))
    if (!(await log.settled(isOver, timeout))) throw new Error(log.complaint(make(), timeout))
    return make()
  } finally {
    stop()
  }
}

/** The spans of one trace, and of those that link to it. */
class ChainLog implements SpanObserver {
  readonly open = new Map<object, () => ReadableSpan>()
  readonly kept: ReadableSpan[] = []
  readonly #traces: Set<string>
  readonly #orders = new Map<string, { began: number; ended: number }>()
  #moment = 0
  #changed: () => void = () => {}

  constructor(traceId: string) {
    this.#traces = new Set([traceId])
  }

  /** Which came first is known exactly here, whatever the clock says. */
  readonly orderOf: OrderOf = ({ id }) => this.#orders.get(id) ?? NEVER

  started(key: object, read: () => ReadableSpan): void {
    const span = read()
    const { traceId, spanId } = span.spanContext()
    if (span.links.some((link) => this.#traces.has(link.context.traceId))) this.#traces.add(traceId)
    if (!this.#traces.has(traceId)) return
    this.open.set(key, read)
    this.#orders.set(spanId, { began: this.#moment++, ended: Number.POSITIVE_INFINITY })
    this.#changed()
  }

  ended(key: object, span: ReadableSpan): void {
    if (!this.open.delete(key)) return
    const order = this.#orders.get(span.spanContext().spanId)
    if (order !== undefined) order.ended = this.#moment++
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.kept.push(span)
    this.#changed()
  }

  /** Resolves to true once it is over and stays so for a moment, to false at the time limit. */
  settled(isOver: () => boolean, timeout: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let quiet: NodeJS.Timeout | undefined
      const finish = (settle: () => void): void => {
        stopTimer(quiet)
        stopTimer(limit)
        this.#changed = () => {}
        settle()
      }
      const limit = startTimer(() => finish(() => resolve(false)), timeout)
      this.#changed = () => {
        stopTimer(quiet)
        try {
          if (isOver()) quiet = startTimer(() => finish(() => resolve(true)), QUIET_MILLIS)
        } catch (error) {
          finish(() => reject(error))
        }
      }
      this.#changed()
    })
  }

  complaint(chain: Chain, timeout: number): string {
    const open = [...this.open.values()].map((read) => `'${read().name}'`).join(', ')
    const missing = open === '' ? '`until` does not hold' : `still open: ${open}`
    return `callchain: the chain was not over after ${timeout} ms; ${missing}; what has ended:\n\n${chain}`
  }
}

const NEVER: SpanOrder = { began: 0, ended: 0 }
