import { bodies } from './client/bodies.ts'
import { calls } from './client/calls.ts'
import { connections } from './client/connections.ts'
import { outcomes } from './client/outcomes.ts'
import { passedOn } from './client/passed-on.ts'
import { redirects } from './client/redirects.ts'
import { sentHeaders } from './client/sent-headers.ts'
import { type CreateClient, performOnClient } from './client/stage.ts'
import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { createRecorder, type Recorder } from './recorder.ts'

/** Who keeps the client contract, and how. */
export interface ClientContractOptions {
  /** The client and its line, for the tests' titles: `'axios 1'`. */
  name: string
  /** Makes a client that is traced with the options given. */
  create: CreateClient
  /** Promises that the client makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Sets OpenTelemetry up for one promise, in another way than `createRecorder()` does. Default: `createRecorder`. */
  setUp?: () => Recorder
  /** Whose `describe` and `it` declare the tests. Default: the global ones. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that the wrapper of a client must keep. Throws a TypeError for
 * a gap that names no promise.
 *
 * @example
 * ```ts
 * clientContract({ name: 'my client 1', create: (options) => traceMyClient(createClient(), options) })
 * ```
 */
export function clientContract({
  name,
  create,
  gaps = {},
  setUp = createRecorder,
  runner,
}: ClientContractOptions): void {
  declareContract({
    name,
    gaps,
    runner,
    groups: {
      calls,
      'the headers': sentHeaders,
      'headers that are passed on': passedOn,
      'how calls end': outcomes,
      connections,
      bodies,
      redirects,
    },
    perform: (check) => performOnClient(setUp, create, check),
  })
}
