/** When the next export begins. */
export interface ExportSchedule {
  /** Whether one is to begin, soon or later. */
  readonly isSet: boolean
  /** After what is going on now: serialising a batch would delay the request whose span has just ended. */
  soon(): void
  /** In this time, in milliseconds, unless it is to begin already. Does not keep the process alive. */
  in(millis: number): void
  cancel(): void
}

/** A schedule that runs `begin`. */
export function createSchedule(begin: () => void): ExportSchedule {
  let timer: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined
  const cancel = (): void => {
    clearTimeout(timer)
    clearImmediate(immediate)
    timer = undefined
    immediate = undefined
  }
  const run = (): void => {
    cancel()
    begin()
  }
  return {
    get isSet() {
      return timer !== undefined || immediate !== undefined
    },
    soon() {
      // Not unref'd: an idle process would run it only when something else happens.
      immediate ??= setImmediate(run)
    },
    in(millis) {
      timer ??= setTimeout(run, millis).unref()
    },
    cancel,
  }
}
