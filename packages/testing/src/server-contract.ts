import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { callers } from './server/callers.ts'
import { comingBack } from './server/coming-back.ts'
import { concurrency } from './server/concurrency.ts'
import { endings } from './server/endings.ts'
import { errorNames } from './server/error-names.ts'
import { errors } from './server/errors.ts'
import { identity } from './server/identity.ts'
import { keepingContext } from './server/keeping-context.ts'
import { leaving } from './server/leaving.ts'
import { measures } from './server/measuring.ts'
import { naming } from './server/naming.ts'
import { namingRequests } from './server/naming-requests.ts'
import { neverHarming } from './server/never-harming.ts'
import { notingErrors } from './server/noting-errors.ts'
import { options } from './server/options.ts'
import { http2 } from './server/over-http2.ts'
import { pipelining } from './server/pipelining.ts'
import { propagation } from './server/propagation.ts'
import { type CreateApp, performOnServer } from './server/stage.ts'
import { targets } from './server/targets.ts'
import { upgrades } from './server/upgrades.ts'
import { withoutClose } from './server/without-close.ts'

/** Who keeps the server contract, and how. */
export interface ServerContractOptions {
  /** The framework and its line, for the tests' titles: `'Koa 3'`. */
  name: string
  /** Builds the contract's application, traced. */
  createApp: CreateApp
  /** Promises that the framework makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Sets OpenTelemetry up for one promise, in another way than `createRecorder()` does. Default: `createRecorder`. */
  setUp?: () => Recorder
  /** Whose `describe` and `it` declare the tests. Default: the global ones. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that a server adapter must keep. Throws a TypeError for a gap
 * that names no promise.
 *
 * @example
 * ```ts
 * serverContract({ name: 'Koa 3', createApp: (application) => buildWithKoa(application) })
 * ```
 */
export function serverContract({
  name,
  createApp,
  gaps = {},
  setUp = createRecorder,
  runner,
}: ServerContractOptions): void {
  declareContract({
    name,
    gaps,
    runner,
    groups: {
      'names and routes': naming,
      'request targets': targets,
      'the trace': propagation,
      'the context': keepingContext,
      'requests side by side': concurrency,
      'middleware that calls back elsewhere': comingBack,
      'requests that are named': namingRequests,
      errors,
      'errors that are noted': notingErrors,
      'one error on several spans': errorNames,
      endings,
      'clients that leave': leaving,
      'requests that wait for their turn': pipelining,
      'responses that are not closed': withoutClose,
      upgrades,
      'callers and proxies': callers,
      'tenant and user': identity,
      options,
      'what goes wrong in tracing': neverHarming,
      metrics: measures,
      'HTTP/2': http2,
    },
    perform: (check) => performOnServer(setUp, createApp, check),
  })
}
