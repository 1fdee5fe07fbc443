import { createContextManager, createPropagator } from '@callchain/core'
import { checkOptions, FLAG, having, type OptionRules, oneOf } from '@callchain/core/internal'
import { type TracerProvider as ApiProvider, context, propagation, trace } from '@opentelemetry/api'
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { recordInto, type TestedProvider } from './record-into.ts'
import { createSpanLog, type WaitOptions } from './span-log.ts'

/** Options of `createRecorder()`. */
export interface RecorderOptions {
  /**
   * Whether the recorder's provider, context manager and propagator become OpenTelemetry's global
   * ones; with false, hand `recorder.provider` to what you test, or `recorder.processor` to a
   * provider of your own. Default: true.
   */
  register?: boolean
  /** Which spans are kept. Default: all, but those whose caller has decided not to sample. */
  sampler?: Sampler
  /**
   * Who makes the spans: OpenTelemetry's SDK, or the recorder of `@callchain/recorder`, which
   * `startTracing()` uses. Default: `'sdk'`.
   */
  provider?: 'sdk' | 'recorder'
}

/** Keeps the spans that have ended. */
export interface Recorder {
  /** The provider whose spans are kept. */
  readonly provider: TestedProvider
  /** Keeps the spans of another provider: put it among that one's span processors. */
  readonly processor: SpanProcessor
  /** The spans that have ended, in the order in which they did. */
  spans(): ReadableSpan[]
  /** The spans that have begun and not ended. */
  open(): ReadableSpan[]
  /**
   * Takes the first `count` spans that have ended, all by default, so that a later `spans()` does not
   * show them again. Throws an Error when there are fewer.
   */
  take(count?: number): ReadableSpan[]
  /**
   * Resolves to the spans that have ended once there are `count` of them, or once the predicate holds
   * for them. Rejects with an Error that lists the spans when that does not happen in time.
   */
  waitFor(
    wanted: number | ((spans: readonly ReadableSpan[]) => boolean),
    options?: WaitOptions,
  ): Promise<ReadableSpan[]>
  /** Resolves once every span that has begun has ended. Rejects like `waitFor`. */
  settled(options?: WaitOptions): Promise<void>
  /** Forgets every span. */
  reset(): void
  /** Forgets every span, and takes back what was registered globally. */
  shutdown(): Promise<void>
}

const RULES: OptionRules<RecorderOptions> = {
  register: FLAG,
  sampler: having('a sampler', 'shouldSample'),
  provider: oneOf(['sdk', 'recorder']),
}

/**
 * Makes a recorder of spans, for tests that assert on traces. Throws an Error when another
 * OpenTelemetry SDK is registered already, unless `register` is false, and a TypeError for an option
 * that is not allowed.
 *
 * @example
 * ```ts
 * const recorder = createRecorder()
 * afterEach(() => recorder.reset())
 * afterAll(() => recorder.shutdown())
 *
 * it('names the span by its route', async () => {
 *   await request(app).get('/orders/7')
 *   const [span] = await recorder.waitFor(1)
 *   expect(span.name).toBe('GET /orders/:id')
 * })
 * ```
 */
export function createRecorder(options: RecorderOptions = {}): Recorder {
  checkOptions('createRecorder()', options, RULES)
  const { register = true, sampler = defaultSampler() } = options
  const log = createSpanLog()
  const provider =
    options.provider === 'recorder'
      ? recordInto(log, sampler)
      : new TracerProvider({ sampler, spanProcessors: [log] })
  const unregister = register ? registerGlobally(provider) : undefined
  return {
    provider,
    processor: log,
    spans: () => [...log.ended],
    open: () => log.open(),
    take: (count = log.ended.length) => {
      if (log.ended.length < count) throw new Error(`expected ${count} spans; ${log.describe()}`)
      return log.ended.splice(0, count)
    },
    waitFor: async (wanted, options) => {
      const enough =
        typeof wanted === 'number' ? () => log.ended.length >= wanted : () => wanted([...log.ended])
      const what = typeof wanted === 'number' ? `${wanted} spans` : 'the spans waited for'
      await log.until(enough, what, options)
      return [...log.ended]
    },
    settled: (options) => log.until(() => log.started.size === 0, 'every span to end', options),
    reset: () => log.clear(),
    shutdown: async () => {
      unregister?.()
      await provider.shutdown()
      log.clear()
    },
  }
}

function defaultSampler(): Sampler {
  return new ParentBasedSampler({ root: new AlwaysOnSampler() })
}

function registerGlobally(provider: ApiProvider): () => void {
  if (!trace.setGlobalTracerProvider(provider)) {
    throw new Error('callchain: an OpenTelemetry SDK is already registered; shut it down first')
  }
  const ownsContext = context.setGlobalContextManager(createContextManager().enable())
  const ownsPropagation = propagation.setGlobalPropagator(createPropagator())
  return () => {
    trace.disable()
    if (ownsContext) context.disable()
    if (ownsPropagation) propagation.disable()
  }
}
