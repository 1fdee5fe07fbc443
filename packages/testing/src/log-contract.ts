import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { logPromises } from './log-contract-promises.ts'
import { type CreateLogger, performWithLogger } from './log-contract-stage.ts'
import { createRecorder, type Recorder } from './recorder.ts'

/** Who keeps the log contract, and how. */
export interface LogContractOptions {
  /** The logger, its line and how it is traced, for the tests' titles: `'pino 10 with traceMixin'`. */
  name: string
  /** Makes a traced logger that writes lines of JSON. */
  createLogger: CreateLogger
  /** Promises that the logger makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Sets OpenTelemetry up for one promise, in another way than `createRecorder()` does. Default: `createRecorder`. */
  setUp?: () => Recorder
  /** Whose `describe` and `it` declare the tests. Default: the global ones. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that a traced logger must keep. Throws a TypeError for a gap
 * that names no promise.
 */
export function logContract({
  name,
  createLogger,
  gaps = {},
  setUp = createRecorder,
  runner,
}: LogContractOptions): void {
  declareContract({
    name,
    gaps,
    runner,
    groups: logPromises,
    perform: (check) => performWithLogger(setUp, createLogger, check),
  })
}
