import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { failingPromises, outsidePromises } from './database/connections.ts'
import { contextPromises } from './database/contexts.ts'
import { guardedPromises } from './database/guarded.ts'
import { leavingAlonePromises } from './database/leaving-alone.ts'
import { type DatabaseUnderTest, performOnDatabase } from './database/stage.ts'
import { describingPromises, measuringPromises } from './database/statements.ts'
import { createRecorder, type Recorder } from './recorder.ts'

/** Who keeps the database contract, and how. */
export interface DatabaseContractOptions {
  /** The driver, its line and the server, for the tests' titles: `'pg 8 on PostgreSQL'`. */
  name: string
  /** Connects the driver, and says what its spans are to look like. */
  database: DatabaseUnderTest
  /** Promises that the driver makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Sets OpenTelemetry up for one promise, in another way than `createRecorder()` does. Default: `createRecorder`. */
  setUp?: () => Recorder
  /** Whose `describe` and `it` declare the tests. Default: the global ones. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that a database driver's wrapper must keep. Throws a TypeError
 * for a gap that names no promise.
 */
export function databaseContract({
  name,
  database,
  gaps = {},
  setUp = createRecorder,
  runner,
}: DatabaseContractOptions): void {
  declareContract({
    name,
    gaps,
    runner,
    groups: {
      'names and describes': describingPromises,
      measures: measuringPromises,
      'keeps contexts apart': contextPromises,
      'leaves the application alone': leavingAlonePromises,
      'tells failures': failingPromises,
      'knows what is in no request': outsidePromises,
      'can be guarded': guardedPromises,
    },
    perform: (check) => performOnDatabase(setUp, database, check),
  })
}
