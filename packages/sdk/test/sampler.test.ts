import { EDGE_JOIN_KEY } from '@callchain/core/internal'
import { describe, expect, it } from '@jest/globals'
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
} from '@opentelemetry/sdk-trace'
import type { SamplerName } from '../src/config/options.ts'
import { createSampler } from '../src/config/sampler.ts'
import { edgeSampler } from '../src/index.ts'
import { start } from './tracing-session.ts'

const LOW_TRACE = '00000000000000000000000000000001'
const HIGH_TRACE = 'ffffffff000000000000000000000000'

function decide(
  sampler: Sampler,
  traceId: string,
  parent?: { flags: number; isRemote: boolean },
  joins = false,
): boolean {
  const context = joins ? ROOT_CONTEXT.setValue(EDGE_JOIN_KEY, true) : ROOT_CONTEXT
  const spanId = '00000000000000aa'
  const inner = parent
    ? trace.setSpanContext(context, {
        traceId,
        spanId,
        traceFlags: parent.flags,
        isRemote: parent.isRemote,
      })
    : context
  const { decision } = sampler.shouldSample(inner, traceId, 'GET', SpanKind.SERVER, {}, [])
  return decision === SamplingDecision.RECORD_AND_SAMPLED
}

describe('samplers by name', () => {
  it.each<[SamplerName, boolean, boolean, boolean]>([
    // name, low trace id, high trace id, low trace id of a caller that does not sample
    ['always_on', true, true, true],
    ['always_off', false, false, false],
    ['traceidratio', true, false, true],
    ['parentbased_always_on', true, true, false],
    ['parentbased_always_off', false, false, false],
    ['parentbased_traceidratio', true, false, false],
  ])('%s', (name, low, high, unsampledCaller) => {
    const sampler = createSampler(name, 0.5)
    expect(decide(sampler, LOW_TRACE)).toBe(low)
    expect(decide(sampler, HIGH_TRACE)).toBe(high)
    expect(decide(sampler, LOW_TRACE, { flags: 0, isRemote: true })).toBe(unsampledCaller)
  })

  it.each([
    [{ sampler: 0 }, {}, 0],
    [{ sampler: 1 }, { OTEL_TRACES_SAMPLER: 'always_off' }, 1],
    [{}, { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, 0],
    [{}, {}, 1],
  ])('%j with %j decides %i', (options, variables, flags) => {
    start({ ...options, exporter: 'none', serviceName: 'a' }, variables)
    expect(trace.getTracer('test').startSpan('one').spanContext().traceFlags).toBe(flags)
  })
})

describe('edgeSampler', () => {
  const halfOfRoots = edgeSampler(createSampler('parentbased_traceidratio', 0.5))

  it.each([0, 1])('asks the root sampler of a joined trace, whatever flag %i says', (flags) => {
    const asked: string[] = []
    const root: Sampler = {
      shouldSample: (context, traceId) => {
        expect(trace.getSpan(context)).toBeUndefined()
        asked.push(traceId)
        return { decision: SamplingDecision.NOT_RECORD }
      },
    }
    const sampler = edgeSampler(createSampler('parentbased_always_on', 1), root)
    expect(decide(sampler, LOW_TRACE, { flags, isRemote: true }, true)).toBe(false)
    // Not the stranger's: whoever chooses the id would choose the decision of a ratio.
    expect(asked).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect(asked).not.toContain(LOW_TRACE)
  })

  it('keeps its ratio for a stranger who always sends the same id', () => {
    const parent = { flags: 1, isRemote: true }
    const kept = Array.from({ length: 400 }, () => decide(halfOfRoots, LOW_TRACE, parent, true))
    const share = kept.filter(Boolean).length / kept.length
    expect(share).toBeGreaterThan(0.3)
    expect(share).toBeLessThan(0.7)
  })

  it('follows the parent everywhere else, also for the children of a joined span', () => {
    expect(decide(halfOfRoots, HIGH_TRACE, { flags: 1, isRemote: true })).toBe(true)
    expect(decide(halfOfRoots, HIGH_TRACE, { flags: 1, isRemote: false }, true)).toBe(true)
    expect(decide(halfOfRoots, LOW_TRACE, { flags: 0, isRemote: false }, true)).toBe(false)
  })

  it('takes another sampler for the root', () => {
    const sampler = edgeSampler(
      new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      new AlwaysOffSampler(),
    )
    expect(decide(sampler, LOW_TRACE, { flags: 1, isRemote: true }, true)).toBe(false)
    expect(decide(sampler, LOW_TRACE)).toBe(true)
  })
})
