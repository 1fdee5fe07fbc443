import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { naming } from './server/naming.ts'
import { type CreateApp, performOnServer } from './server/stage.ts'

/** Who keeps the server contract, and how. */
export interface ServerContractOptions {
  /** The framework and its line, for the tests' titles: `'Koa 3'`. */
  name: string
  /** Builds the contract's application, traced. */
  createApp: CreateApp
  /** Promises that the framework makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Default: the global `describe` and `it`. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that a server adapter must keep. Throws a TypeError for a gap
 * that names no promise.
 */
export function serverContract({
  name,
  createApp,
  gaps = {},
  runner,
}: ServerContractOptions): void {
  declareContract({
    name,
    gaps,
    runner,
    groups: {
      'names and describes': naming,
    },
    perform: (check) => performOnServer(createApp, check),
  })
}
