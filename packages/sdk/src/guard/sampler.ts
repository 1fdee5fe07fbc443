import { type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace'
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

function isResult(value: unknown): value is SamplingResult {
  if (typeof value !== 'object' || value === null || !('decision' in value)) return false
  return typeof value.decision === 'number' && value.decision in SamplingDecision
}
