import { isMainThread } from 'node:worker_threads'
import { EXIT_FLUSH } from '@callchain/core/internal'

/** What an ending process asks of tracing. */
export interface ExitFlushOptions {
  /** Whether anything waits to be sent. */
  readonly pending: () => boolean
  /** Flushes while the application is still running; must not keep the process alive. */
  readonly drain: () => Promise<unknown>
  /** Flushes without retrying; must not keep the process alive itself. */
  readonly finish: () => Promise<unknown>
  /** Counts what is still queued as lost: there was not enough time. */
  readonly abandon: (reason: string) => void
  /** Says what was lost, and from now on counts what ends as lost, for there is no later. */
  readonly close: (reason: string) => void
  readonly signals: boolean
  readonly timeoutMillis: number
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

const ENDED = 'the process exited before the collector accepted them'
/** What marks a listener of ours: those of other majors are told by it, too, or neither would end the process. */
const EXIT_FLUSH_OF_ANY = /^callchain\.\d+\.exitFlush$/

/**
 * Sends the last spans when the process runs out of work and, if `signals`, when it is told to end.
 * A signal that the application does not handle still ends the process, by that signal. Whatever ends
 * it, what was not sent is said: also after `process.exit()` and an uncaught exception.
 *
 * @returns a function that removes every trace of it
 */
export function flushOnExit(options: ExitFlushOptions): () => void {
  const finish = (): Promise<void> => {
    return inTime(options.finish, options.timeoutMillis, () => options.abandon(ENDED))
  }
  const giveUp = (): void => {
    options.abandon(ENDED)
    options.close(ENDED)
  }
  const beforeExit = (): void => {
    // Emitted again when this is over, and then nothing is pending.
    if (options.pending()) void finish()
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    if (applicationHandles(signal)) {
      options.drain().catch(() => {})
      return
    }
    void finish().then(() => {
      // Nothing is emitted when a signal ends a process.
      giveUp()
      remove()
      process.kill(process.pid, signal)
    })
  }
  Reflect.set(onSignal, EXIT_FLUSH, true)
  const remove = (): void => {
    process.off('beforeExit', beforeExit)
    process.off('exit', giveUp)
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }

  process.on('beforeExit', beforeExit)
  process.on('exit', giveUp)
  if (options.signals && isMainThread) {
    // First, so that a handler which removes itself when called is still there to be seen.
    for (const signal of SIGNALS) process.prependListener(signal, onSignal)
  }
  return remove
}

/** Does `work` and holds the process meanwhile; after `millis`, gives it up instead. Never rejects. */
export function inTime(
  work: () => Promise<unknown>,
  millis: number,
  giveUp: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      giveUp()
      resolve()
    }, millis)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    work().then(done, done)
  })
}

/** Whether somebody but us, and but those who also only wait for the end, listens to `signal`. */
function applicationHandles(signal: NodeJS.Signals): boolean {
  const others = process.listeners(signal).filter((listener) => !isExitFlush(listener))
  return others.length > countPassiveListeners()
}

function isExitFlush(listener: NodeJS.SignalsListener): boolean {
  return Object.getOwnPropertySymbols(listener).some((key) =>
    EXIT_FLUSH_OF_ANY.test(Symbol.keyFor(key) ?? ''),
  )
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
