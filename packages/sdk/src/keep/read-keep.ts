import { alwaysOn } from '@callchain/recorder'
import type { Environment } from '../config/environment.ts'
import { RATIO } from '../config/environment.ts'
import type { StartTracingOptions } from '../config/options.ts'
import { type ChosenSampler, readHeadSampler } from '../config/sampler.ts'
import { type KeepSettings, readKeepSettings } from './settings.ts'

/** What is to be kept, if the options, else `CALLCHAIN_KEEP_SHARE`, ask for it. */
export function readKeep(
  options: StartTracingOptions,
  environment: Environment,
): KeepSettings | undefined {
  const share = environment.number('CALLCHAIN_KEEP_SHARE', RATIO, 0.01)
  if (options.keep === undefined && share === undefined) return undefined
  const wanted = { ...(share !== undefined && { share }), ...options.keep }
  return readKeepSettings(wanted, readHeadSampler(options, environment))
}

/** The sampler where a keeper decides, and what core may rely on of it. */
export function keptWith({ head }: KeepSettings): ChosenSampler {
  return {
    sampler: (head ?? alwaysOn) as ChosenSampler['sampler'],
    traits: { decidesAtEdge: true, followsParent: false },
  }
}
