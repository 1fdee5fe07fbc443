import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace'
import { createFaultReport } from '../report/fault-report.ts'
import { warn } from '../report/warning.ts'

/**
 * A sampler of the application's whose failures end nothing: they are counted and said, and `fallback`
 * decides instead.
 */
export function guardSampler(sampler: Sampler, fallback: Sampler): Sampler {
  const faults = createFaultReport('the sampler', warn)
  return {
    shouldSample(...asked) {
      const result: unknown = faults.guard(() => sampler.shouldSample(...asked))
      if (isResult(result)) return result
      if (result !== undefined) faults.add('shouldSample() did not return a decision')
      return fallback.shouldSample(...asked)
    },
    toString: () => faults.guard(() => String(sampler)) ?? 'Sampler',
  }
}

/** NOT_RECORD, RECORD and RECORD_AND_SAMPLED of SamplingDecision. */
const DECISIONS: ReadonlySet<unknown> = new Set([0, 1, 2])

function isResult(value: unknown): value is SamplingResult {
  if (typeof value !== 'object' || value === null || !('decision' in value)) return false
  return DECISIONS.has(value.decision)
}
