import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { errorCode } from '../http/errors.ts'
import { ExitError, STOP_SIGNALS } from './exit.ts'
import type { LogSender } from './log-sender.ts'

/** How a command has ended. */
export interface ChildEnd {
  /** Its exit code, or 128 and the number of the signal that ended it. */
  readonly code: number
  /** Ended by a signal, its own or ours. */
  readonly stopped: boolean
}

type Child = ChildProcessByStdio<null, Readable, Readable>

/**
 * Runs a command, passes its output on, and looks for log lines in it. A signal to end is passed on to
 * it; a second one ends it by force.
 *
 * @throws ExitError with a sentence when it cannot be started: 127 when there is no such program, else 126
 */
export async function runChild(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  logs: LogSender,
  say: (line: string) => void,
): Promise<ChildEnd> {
  const child = start(program, args, env)
  const signals = passSignals(child, program, say)
  try {
    const output = Promise.all([
      logs.watch(child.stdout, process.stdout),
      logs.watch(child.stderr, process.stderr),
    ])
    const code = await endOf(child, program)
    await output
    return { code, stopped: signals.came || child.signalCode !== null }
  } finally {
    signals.stop()
  }
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Child {
  try {
    return spawn(program, args, { env, stdio: ['inherit', 'pipe', 'pipe'] })
  } catch (error) {
    // Some faults, such as too long a list of arguments, are thrown at once.
    throw cannotStart(program, error)
  }
}

// Ctrl-C may come twice at once: from the terminal, and from a program like npx between it and us.
const SAME_SIGNAL_MILLIS = 400
const PATIENCE_MILLIS = 3000

function passSignals(
  child: Child,
  program: string,
  say: (line: string) => void,
): { readonly came: boolean; stop(): void } {
  let first = 0
  let hint: NodeJS.Timeout | undefined
  const pass = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    if (first === 0) {
      first = now
      hint = setTimeout(() => {
        say(`${program} is still running; a second Ctrl-C or signal kills it.`)
      }, PATIENCE_MILLIS)
      // The terminal sends Ctrl-C to the child, too; a second one would make it stop at once.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    } else if (now - first > SAME_SIGNAL_MILLIS) force(child)
  }
  for (const signal of STOP_SIGNALS) process.on(signal, pass)
  return {
    get came() {
      return first > 0
    },
    stop() {
      clearTimeout(hint)
      for (const signal of STOP_SIGNALS) process.removeListener(signal, pass)
    },
  }
}

/** Ends it whatever it does, and does not wait for programs of its own that hold its output open. */
function force(child: Child): void {
  child.kill('SIGKILL')
  child.stdout.destroy()
  child.stderr.destroy()
}

function endOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(cannotStart(program, error)))
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

/** As shells have it: 127 for what is not there, 126 for what cannot be run. */
function cannotStart(program: string, error: unknown): ExitError {
  const [code, reason] = faultOf(program, error)
  const options = { cause: error }
  return new ExitError(code, `${program || '""'} cannot be started: ${reason}.`, options)
}

function faultOf(program: string, error: unknown): [code: number, reason: string] {
  const code = errorCode(error)
  if (code === 'EACCES') return [126, 'this user may not execute it']
  if (code !== 'ENOENT') return [126, error instanceof Error ? error.message : String(error)]
  if (!/[/\\]/.test(program)) return [127, 'no program with this name is in PATH']
  const isThere = existsSync(program)
  return [127, isThere ? 'the interpreter in its first line is missing' : 'the file does not exist']
}
