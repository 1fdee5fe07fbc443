import * as timers from 'node:timers'

// Kept as they were when this was loaded: under a test's fake timers nobody would say that what is
// waited for has not come. A test environment may have faked the global ones before.

/** Node's own `setTimeout`. */
export const startTimer: typeof setTimeout = timers.setTimeout

/** Node's own `clearTimeout`. */
export const stopTimer: typeof clearTimeout = timers.clearTimeout
