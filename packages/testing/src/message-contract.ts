import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { failingPromises } from './message/failing.ts'
import { receivingPromises } from './message/receiving.ts'
import { sendingPromises } from './message/sending.ts'
import { type MessagingUnderTest, performOnMessaging } from './message/stage.ts'
import { wrappingPromises } from './message/wrapping.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { within } from './within.ts'

/** Who keeps the message contract, and how. */
export interface MessageContractOptions {
  /** The library, its line and the broker, for the tests' titles: `'bullmq 6 on Redis'`. */
  name: string
  /** Connects the library, and says what its spans are to look like. */
  system: MessagingUnderTest
  /** Promises that the system makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Sets OpenTelemetry up for one promise, in another way than `createRecorder()` does. Default: `createRecorder`. */
  setUp?: () => Recorder
  /** Whose `describe` and `it` declare the tests. Default: the global ones. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that a wrapper of a messaging system must keep, on both sides of a
 * real broker. Throws a TypeError for a gap that names no promise.
 */
export function messageContract({
  name,
  system,
  gaps = {},
  setUp = createRecorder,
  runner,
}: MessageContractOptions): void {
  declareContract({
    name,
    gaps,
    runner,
    groups: {
      'sends messages': sendingPromises,
      'handles messages': receivingPromises,
      'tells failures': failingPromises,
      'belongs to both sides': wrappingPromises,
    },
    perform: (check) => within(performOnMessaging(setUp, system, check)),
  })
}
