import type { ContractPromise } from './contract.ts'
import type { LogStage } from './log-contract-stage.ts'
import { belonging } from './logger/belonging.ts'
import { errorEvents } from './logger/error-events.ts'
import { handingOn } from './logger/handing-on.ts'
import { interleaving } from './logger/interleaving.ts'
import { keeping } from './logger/keeping.ts'

/** What every traced logger promises. */
export const logPromises: Readonly<Record<string, readonly ContractPromise<LogStage>[]>> = {
  'says where a line belongs': belonging,
  'keeps what the application says': keeping,
  'shows errors in the trace': errorEvents,
  'hands on what it has written': handingOn,
  'is never wrong': interleaving,
}
