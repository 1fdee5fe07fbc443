import { isMainThread } from 'node:worker_threads'

/** What an ending process asks of tracing. */
export interface ExitFlushOptions {
  /** Whether anything waits to be sent. */
  readonly pending: () => boolean
  /** Sends what waits while the application goes on; must not keep the process alive. */
  readonly drain: () => Promise<unknown>
  /** Sends what waits, in haste; must not keep the process alive itself. */
  readonly finish: () => Promise<unknown>
  /** Told that there was not enough time. */
  readonly abandon: () => void
  readonly signals: boolean
  readonly timeoutMillis: number
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/**
 * Sends the last spans when the process runs out of work and, if `signals`, when it is told to end.
 * A signal that the application does not handle still ends the process, by that signal.
 *
 * @returns a function that removes every trace of it
 */
export function flushOnExit(options: ExitFlushOptions): () => void {
  const beforeExit = (): void => {
    // Emitted again when this is over, and then nothing is pending.
    if (options.pending()) void finishInTime(options)
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    if (applicationHandles(signal)) {
      options.drain().catch(() => {})
      return
    }
    void finishInTime(options).then(() => {
      remove()
      process.kill(process.pid, signal)
    })
  }
  const remove = (): void => {
    process.off('beforeExit', beforeExit)
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }

  process.on('beforeExit', beforeExit)
  if (options.signals && isMainThread) {
    // First, so that a handler which removes itself when called is still there to be seen.
    for (const signal of SIGNALS) process.prependListener(signal, onSignal)
  }
  return remove
}

/** Sends what waits and holds the process meanwhile, but no longer than the time set. Never rejects. */
function finishInTime({ finish, abandon, timeoutMillis }: ExitFlushOptions): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      abandon()
      resolve()
    }, timeoutMillis)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    finish().then(done, done)
  })
}

/** Whether somebody but us, and but those who also only wait for the end, listens to `signal`. */
function applicationHandles(signal: NodeJS.Signals): boolean {
  return process.listenerCount(signal) > 1 + countPassiveListeners()
}

/**
 * The package signal-exit listens too, and ends the process once it alone is left. Versions 3 and 4
 * publish how many of their copies do.
 */
function countPassiveListeners(): number {
  const emitters = [
    Reflect.get(process, '__signal_exit_emitter__'),
    Reflect.get(globalThis, Symbol.for('signal-exit emitter')),
  ]
  return emitters.reduce((sum, emitter) => sum + (Number(emitter?.count) || 0), 0)
}
