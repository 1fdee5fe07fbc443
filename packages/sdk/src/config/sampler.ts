import { randomBytes } from 'node:crypto'
import { adoptOffered, announceSdk, EDGE_JOIN_KEY, type SdkTraits } from '@callchain/core/internal'
import {
  alwaysOff,
  alwaysOn,
  parentBased,
  type Sampler as RecorderSampler,
  traceIdRatio,
} from '@callchain/recorder'
import { type Context, SpanKind, trace } from '@opentelemetry/api'
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace'
import { guardSampler } from '../guard/sampler.ts'
import { type Environment, RATIO } from './environment.ts'
import type { SamplerName, StartTracingOptions } from './options.ts'

/** The names of samplers, in the order in which warnings list them. */
export const SAMPLER_NAMES: readonly SamplerName[] = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
]

const DEFAULT_NAME = 'parentbased_always_on'

/** The sampler of that name; `ratio` (0 to 1) is the share of traces that the ratio samplers keep. */
export function createSampler(name: SamplerName, ratio: number): Sampler {
  const root = name.endsWith('always_on')
    ? alwaysOn
    : name.endsWith('always_off')
      ? alwaysOff
      : traceIdRatio(ratio)
  return name.startsWith('parentbased_') ? parentBased({ root }) : root
}

/** A sampler, and what core may rely on of it once it is in use. */
export interface ChosenSampler {
  readonly sampler: Sampler
  readonly traits: SdkTraits
}

/** The sampler that was asked for next to `keep`: what it leaves out is not recorded, so it cannot be kept. */
export function readHeadSampler(
  options: StartTracingOptions,
  environment: Environment,
): RecorderSampler | undefined {
  const named = environment.text('OTEL_TRACES_SAMPLER')
  if (options.sampler === undefined && (named === undefined || named === DEFAULT_NAME)) {
    return undefined
  }
  environment.tell(
    'keep decides among what the sampler records: traces that the sampler leaves out are not kept, even when they fail; leave the sampler out to keep them',
  )
  return readSampler(options, environment).sampler as RecorderSampler
}

/** The sampler that the options, else `OTEL_TRACES_SAMPLER`, ask for, wrapped by `edgeSampler`. */
export function readSampler(options: StartTracingOptions, environment: Environment): ChosenSampler {
  const wanted = options.sampler
  if (typeof wanted === 'object') {
    return chosen(guardSampler(wanted, createSampler(DEFAULT_NAME, 1)), false)
  }
  if (typeof wanted === 'number') {
    return chosen(createSampler('parentbased_traceidratio', wanted), true)
  }
  const name =
    wanted ?? environment.choice('OTEL_TRACES_SAMPLER', SAMPLER_NAMES, DEFAULT_NAME) ?? DEFAULT_NAME
  const ratio = name.endsWith('traceidratio')
    ? environment.number('OTEL_TRACES_SAMPLER_ARG', RATIO, 1)
    : undefined
  return chosen(createSampler(name, ratio ?? 1), name.startsWith('parentbased_'))
}

function chosen(sampler: Sampler, followsParent: boolean): ChosenSampler {
  return { sampler: edgeSampler(sampler), traits: { decidesAtEdge: true, followsParent } }
}

// A stranger who chooses the trace id would choose what a ratio says to it.
function drawTraceId(): string {
  return randomBytes(16).toString('hex')
}

/**
 * Wraps `sampler` so that a server span which joins an untrusted caller's trace is decided by `root`,
 * as if it had no parent and an id of our own choice: neither the caller's flag nor its id has a say.
 * `root` is `sampler` itself unless given. `startTracing` does this already; wrap your sampler when you
 * set up another SDK.
 *
 * @example
 * ```ts
 * const sampler = edgeSampler(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }))
 * const sdk = new NodeSDK({ sampler })
 * ```
 */
export function edgeSampler(sampler: Sampler, root: Sampler = sampler): Sampler {
  announceSdk({ decidesAtEdge: true })
  return withMessages({
    ignoresAttributes: ignoresAttributes(sampler) && ignoresAttributes(root),
    shouldSample(context, traceId, name, kind, attributes, links) {
      // Children inherit the mark with the context, but their parent is local: they follow it.
      const joins =
        context.getValue(EDGE_JOIN_KEY) === true && trace.getSpanContext(context)?.isRemote === true
      return joins
        ? root.shouldSample(trace.deleteSpan(context), drawTraceId(), name, kind, attributes, links)
        : sampler.shouldSample(context, traceId, name, kind, attributes, links)
    },
    toString: () => `EdgeSampler{${sampler.toString()}}`,
  })
}

/** `sampler`, which adds the identity of messages that other instrumentations handle. */
export function withMessages(sampler: RecorderSampler): RecorderSampler {
  return {
    ignoresAttributes: ignoresAttributes(sampler),
    shouldSample(context, traceId, name, kind, attributes, links) {
      const result = sampler.shouldSample(context, traceId, name, kind, attributes, links)
      return kind === SpanKind.CONSUMER ? withIdentity(result, context) : result
    },
    toString: () => sampler.toString(),
  }
}

// The identity of a message that another instrumentation handles: a sampler is what is asked about every
// span, sampled or not, and what it adds is on the span from the start.
function withIdentity(result: SamplingResult, parent: Context): SamplingResult {
  const identity = adoptOffered(parent)
  if (identity === undefined) return result
  return { ...result, attributes: { ...identity, ...result.attributes } }
}

function ignoresAttributes(sampler: RecorderSampler): boolean {
  return sampler.ignoresAttributes === true
}
