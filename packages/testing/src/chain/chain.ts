import {
  checkOptions,
  FUNCTION,
  having,
  isNamed,
  type OptionRule,
  type OptionRules,
} from '@callchain/core/internal'
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { RandomIdGenerator } from '@opentelemetry/sdk-trace'
import type { Recorder } from '../recorder-interface.ts'
import { registry } from '../recorder-registry.ts'
import { collectChain } from './collect-chain.ts'
import type { SpanCollector } from './collector.ts'
import type { Chain } from './make-chain.ts'
import { recordChain } from './record-chain.ts'
import { writeRecord } from './write-record.ts'

/** What the function of `chain()` is handed. */
export interface ChainCaller {
  /**
   * What a client sends for its request to belong to the chain: `traceparent`, and `baggage` where
   * there is some. A traced client, such as one of `traceFetch()`, sends it by itself.
   */
  readonly headers: Readonly<Record<string, string>>
  /** The id of the chain's trace, in hexadecimal digits. */
  readonly traceId: string
}

/** Options of `chain()`. */
export interface ChainOptions {
  /** Where the spans are recorded. Default: the one recorder that there is. */
  recorder?: Recorder
  /** Where the spans arrive, when the application sends them: from another process, or by its own SDK. Default: none. */
  collector?: SpanCollector
  /**
   * Whether the chain has all that is waited for; asked again whenever a span has come. Default: with a
   * recorder none of its spans is open; with a collector no span's parent is missing.
   */
  until?: (chain: Chain) => boolean
  /** Milliseconds of real time to wait. Default: 10000. */
  timeout?: number
}

const MILLIS: OptionRule = {
  allowed: 'a number of milliseconds above 0',
  holds: (value) => typeof value === 'number' && value > 0 && value <= 2 ** 31 - 1,
}

const RULES: OptionRules<ChainOptions> = {
  recorder: having('a recorder of createRecorder()', 'spans', 'settled'),
  collector: {
    allowed: 'a collector of startCollector()',
    holds: (value) => isNamed(value) && 'store' in value,
  },
  until: FUNCTION,
  timeout: MILLIS,
}

const DEFAULT_TIMEOUT_MILLIS = 10_000

/**
 * Runs a function and resolves to the chain of what it did: every span of its trace, in all services of
 * this process, or of others with a collector. Chains do not mix, also when tests run side by side: each
 * has a trace id of its own. A trace that only links to it, as with `trust: 'edge'`, belongs to it.
 *
 * Rejects with what the function throws, and with an Error that draws the chain when a span of it is
 * still open after the time limit.
 *
 * @throws Error when no recorder is there, or more than one, and none is named
 * @throws TypeError for an option that is not allowed
 *
 * @example
 * ```ts
 * createRecorder() // before the tests
 *
 * it('shows an order with at most three statements', async () => {
 *   const trace = await chain(({ headers }) => request(app).get('/orders/7').set(headers))
 *   assertChain(trace, { statements: { max: 3 }, repeatedStatements: false })
 * })
 * ```
 */
export async function chain<Result>(
  run: (caller: ChainCaller) => Result,
  options: ChainOptions = {},
): Promise<Chain<Awaited<Result>>> {
  if (typeof run !== 'function')
    throw new TypeError(`callchain: chain() needs a function to run, not ${typeof run}`)
  checkOptions('chain()', options, RULES)
  const { collector, until, timeout = DEFAULT_TIMEOUT_MILLIS } = options
  const ids = new RandomIdGenerator()
  const parent: SpanContext = {
    traceId: ids.generateTraceId(),
    spanId: ids.generateSpanId(),
    traceFlags: TraceFlags.SAMPLED,
  }
  const call = { parent, run: () => runIn(parent, run), until, timeout }
  const made =
    collector === undefined
      ? await recordChain(options.recorder ?? onlyRecorder(), call)
      : await collectChain(collector, call)
  writeRecord(made)
  return made
}

/** The one recorder that there is. */
function onlyRecorder(): Recorder {
  const [recorder, ...others] = registry().recorders
  if (recorder === undefined)
    throw new Error(
      'callchain: chain() found no recorder: call createRecorder() before the tests, or pass one as `recorder`, or a `collector`',
    )
  if (others.length > 0)
    throw new Error(
      `callchain: chain() found ${others.length + 1} recorders: pass the one to look at as \`recorder\`, or shut the others down`,
    )
  return recorder
}

async function runIn<Result>(
  parent: SpanContext,
  run: (caller: ChainCaller) => Result,
): Promise<Awaited<Result>> {
  const within = trace.setSpanContext(ROOT_CONTEXT, parent)
  const headers: Record<string, string> = {}
  propagation.inject(within, headers)
  headers.traceparent ??= `00-${parent.traceId}-${parent.spanId}-01`
  return await context.with(within, () => run({ headers, traceId: parent.traceId }))
}
