import { createContextManager, createPropagator } from '@callchain/core'
import {
  checkOptions,
  FLAG,
  having,
  type OptionRules,
  oneOf,
  RECORDER_OBSERVERS,
} from '@callchain/core/internal'
import { type TracerProvider as ApiProvider, context, propagation, trace } from '@opentelemetry/api'
import {
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { recordInto } from './record-into.ts'
import type { Recorder } from './recorder-interface.ts'
import { type ObservedRecorder, registry } from './recorder-registry.ts'
import { createSpanLog } from './span-log.ts'

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

export type { Recorder }

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
  if (register) removeStandIn()
  const unregister = register ? registerGlobally(provider) : undefined
  const recorder: ObservedRecorder = {
    [RECORDER_OBSERVERS]: log.observers,
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
      registry().recorders.delete(recorder)
      unregister?.()
      await provider.shutdown()
      log.clear()
    },
  }
  registry().recorders.add(recorder)
  return recorder
}

function defaultSampler(): Sampler {
  return new ParentBasedSampler({ root: new AlwaysOnSampler() })
}

/** One that stands in gives way to the one that a test makes. */
function removeStandIn(): void {
  const shared = registry()
  void shared.standIn?.shutdown()
  shared.standIn = undefined
}

function registerGlobally(provider: ApiProvider): () => void {
  if (!trace.setGlobalTracerProvider(provider)) {
    throw new Error(
      'callchain: an OpenTelemetry SDK is already registered: shut it down first, or pass `register: false`; an application that starts its own is tested with startCollector()',
    )
  }
  const ownsContext = context.setGlobalContextManager(createContextManager().enable())
  const ownsPropagation = propagation.setGlobalPropagator(createPropagator())
  return () => {
    trace.disable()
    if (ownsContext) context.disable()
    if (ownsPropagation) propagation.disable()
  }
}
