import {
  type Attributes,
  type Context,
  isValidTraceId,
  type Link,
  type SpanKind,
  TraceFlags,
  type TraceState,
} from '@opentelemetry/api'
import { parentOf } from './parent.ts'

/** What a sampler says of a span. */
export interface SamplingAnswer {
  /** 0: not recorded; 1: recorded, but not sent; 2: recorded and sent. */
  readonly decision: number
  /** Laid over the span's own attributes. */
  readonly attributes?: Readonly<Attributes>
  /** Replaces the parent's trace state. */
  readonly traceState?: TraceState
}

/** Decides which spans are recorded and sent. Every sampler of OpenTelemetry's SDK is one. */
export interface Sampler {
  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingAnswer
  toString(): string
  /** Whether it looks at neither attributes nor links: then none are copied for it. Default: false. */
  readonly ignoresAttributes?: boolean
}

const SEND: SamplingAnswer = { decision: 2 }
const LEAVE: SamplingAnswer = { decision: 0 }

/** Keeps every span. */
export const alwaysOn: Sampler = fixed(SEND, 'AlwaysOnSampler')

/** Keeps no span. */
export const alwaysOff: Sampler = fixed(LEAVE, 'AlwaysOffSampler')

function fixed(answer: SamplingAnswer, name: string): Sampler {
  return { ignoresAttributes: true, shouldSample: () => answer, toString: () => name }
}

/** Keeps this share of traces, from 0 to 1, by their id: every process that asks decides the same. */
export function traceIdRatio(ratio: number): Sampler {
  const share = Math.min(1, Math.max(0, Number.isNaN(ratio) ? 0 : ratio))
  const bound = share === 1 ? 2 ** 32 : Math.floor(share * 0xffffffff)
  return {
    ignoresAttributes: true,
    shouldSample: (_context, traceId) =>
      isValidTraceId(traceId) && foldId(traceId) < bound ? SEND : LEAVE,
    toString: () => `TraceIdRatioBased{${share}}`,
  }
}

/** Who decides, by the parent. */
export interface ParentSamplers {
  /** A span without a parent. */
  readonly root: Sampler
  /** Default: `alwaysOn`. */
  readonly remoteParentSampled?: Sampler
  /** Default: `alwaysOff`. */
  readonly remoteParentNotSampled?: Sampler
  /** Default: `alwaysOn`. */
  readonly localParentSampled?: Sampler
  /** Default: `alwaysOff`. */
  readonly localParentNotSampled?: Sampler
}

/** Follows the parent's decision; where there is no parent, `root` decides. */
export function parentBased(samplers: ParentSamplers): Sampler {
  const { root } = samplers
  const remoteOn = samplers.remoteParentSampled ?? alwaysOn
  const remoteOff = samplers.remoteParentNotSampled ?? alwaysOff
  const localOn = samplers.localParentSampled ?? alwaysOn
  const localOff = samplers.localParentNotSampled ?? alwaysOff
  const all = [root, remoteOn, remoteOff, localOn, localOff]
  const choose = (context: Context): Sampler => {
    const parent = parentOf(context)
    if (parent === undefined) return root
    const isSampled = (parent.traceFlags & TraceFlags.SAMPLED) !== 0
    if (parent.isRemote) return isSampled ? remoteOn : remoteOff
    return isSampled ? localOn : localOff
  }
  return {
    ignoresAttributes: all.every((sampler) => sampler.ignoresAttributes === true),
    shouldSample: (context, ...rest) => choose(context).shouldSample(context, ...rest),
    toString: () =>
      `ParentBased{root=${root}, remoteParentSampled=${remoteOn}, remoteParentNotSampled=${remoteOff}, localParentSampled=${localOn}, localParentNotSampled=${localOff}}`,
  }
}

/** The four words of an id, by XOR: OpenTelemetry's SDKs in JavaScript do the same. */
function foldId(traceId: string): number {
  let folded = 0
  for (let at = 0; at < 32; at += 8) folded ^= Number.parseInt(traceId.slice(at, at + 8), 16)
  return folded >>> 0
}
