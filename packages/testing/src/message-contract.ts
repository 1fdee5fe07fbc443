import { declareContract, type Gaps, type TestRunner } from './contract.ts'
import { failingPromises } from './message/failing.ts'
import { receivingPromises } from './message/receiving.ts'
import { sendingPromises } from './message/sending.ts'
import { type MessagingUnderTest, performOnMessaging } from './message/stage.ts'
import { wrappingPromises } from './message/wrapping.ts'
import { within } from './within.ts'

/** Who keeps the message contract, and how. */
export interface MessageContractOptions {
  /** The library, its line and the broker, for the tests' titles: `'bullmq 6 on Redis'`. */
  name: string
  /** Connects the library, and says what its spans are to look like. */
  system: MessagingUnderTest
  /** Promises that the system makes impossible, each with its reason. Default: none. */
  gaps?: Gaps
  /** Whose `describe` and `it` declare the tests. Default: the global ones. */
  runner?: TestRunner
}

/**
 * Declares one test for each promise that a wrapper of a messaging system must keep, on both sides of a
 * real broker. Throws a TypeError for a gap that names no promise.
 */
export function messageContract({ name, system, gaps = {}, runner }: MessageContractOptions): void {
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
    perform: (check) => within(performOnMessaging(system, check)),
  })
}
