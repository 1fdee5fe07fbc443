import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { calling } from './rpc/calling.ts'
import { clientSpans } from './rpc/client-spans.ts'
import { ending } from './rpc/ending.ts'
import { keepingContext } from './rpc/keeping-context.ts'
import { measuring } from './rpc/measuring.ts'
import { serverOptions } from './rpc/options.ts'
import { receiving } from './rpc/receiving.ts'
import { serving } from './rpc/serving.ts'
import { performOnRpc, type RpcUnderTest } from './rpc/stage.ts'
import { within } from './within.ts'

/** Who keeps the RPC contract, and how. */
export interface RpcContractOptions {
  /** The library and its line, for the tests' titles: `'grpc-js 1.14'`. */
  name: string
  /** Serves and calls with the library, and says what its spans are to look like. */
  system: RpcUnderTest
  /** Promises that the library makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Sets OpenTelemetry up for one promise, in another way than `createRecorder()` does. Default: `createRecorder`. */
  setUp?: () => Recorder
  /** Whose `describe` and `it` declare the tests. Default: the global ones. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that tracing of an RPC library must keep, for servers and for
 * clients, over real connections. Throws a TypeError for a gap that names no promise.
 */
export function rpcContract({
  name,
  system,
  gaps = {},
  setUp = createRecorder,
  runner,
}: RpcContractOptions): void {
  declareContract({
    name,
    gaps,
    runner,
    groups: {
      'serves calls': serving,
      'believes callers': receiving,
      'takes options': serverOptions,
      'makes calls': clientSpans,
      'sends metadata': calling,
      'ends calls': ending,
      'keeps the context': keepingContext,
      measures: measuring,
    },
    perform: (check) => within(performOnRpc(setUp, system, check)),
  })
}
