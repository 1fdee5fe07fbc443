const at = 'packages/testing/src'

/** What waits in a test must give up in real time. */
export const recorder = {
  name: 'recorder',
  suites: [['packages/testing/test/recorder'], ['packages/testing/test']],
  mutants: [
    {
      name: 'fake-timers',
      breaks: 'waiting never gives up under fake timers',
      file: `${at}/timers.ts`,
      find: 'export const startTimer: typeof setTimeout = timers.setTimeout',
      put: 'export const startTimer: typeof setTimeout = ((...args: Parameters<typeof setTimeout>) => setTimeout(...args)) as never',
    },
    {
      name: 'fake-clear',
      breaks: 'a timer of real time is not stopped under fake timers',
      file: `${at}/timers.ts`,
      find: 'export const stopTimer: typeof clearTimeout = timers.clearTimeout',
      put: 'export const stopTimer: typeof clearTimeout = (timer) => clearTimeout(timer)',
    },
    {
      name: 'take-fewer',
      breaks: 'take() is silent when there are fewer spans',
      file: `${at}/recorder.ts`,
      find: 'if (log.ended.length < count)',
      put: 'if (count < 0)',
    },
    {
      name: 'settled-early',
      breaks: 'settled() does not wait',
      file: `${at}/recorder.ts`,
      find: 'log.until(() => log.started.size === 0,',
      put: 'log.until(() => true,',
    },
  ],
}
