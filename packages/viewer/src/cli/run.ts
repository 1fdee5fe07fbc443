import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { findViewer } from '../find-viewer.ts'
import { urlOf } from '../url-of.ts'
import { childEnvironment } from './child-environment.ts'
import { createLogSender, type LogSender } from './log-sender.ts'
import { openPage } from './open-page.ts'
import type { CliOptions } from './options.ts'
import { paint } from './paint.ts'
import { start } from './view.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Starts the viewer if none runs at the port, and a command that sends to it. Ends as the command
 * ends, with its exit code; on a terminal, a viewer that was started here stays until Ctrl-C when the
 * command has ended by itself, so that what it did can be looked at.
 */
export async function run(options: CliOptions, command: readonly string[]): Promise<void> {
  const running = await findViewer(options)
  const viewer = running === undefined ? await start(options) : undefined
  const url = viewer?.url ?? urlOf(options.host, options.port)
  process.stderr.write(`${paint('dim', `Callchain shows the traces at ${url}`)}\n`)
  if (options.open) openPage(url)
  const environment = childEnvironment(process.env, { url, token: options.token, command })
  const service = environment.OTEL_SERVICE_NAME ?? 'app'
  const logs = createLogSender(url, service, options.token)
  try {
    const end = await runChild(command, environment, logs)
    process.exitCode = end.code
    await logs.flush()
    if (viewer !== undefined && process.stdout.isTTY && !end.stopped) await stay(url, end.code)
  } finally {
    await viewer?.close()
  }
}

interface ChildEnd {
  readonly code: number
  /** Ended by a signal, its own or ours. */
  readonly stopped: boolean
}

async function runChild(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  logs: LogSender,
): Promise<ChildEnd> {
  const child = spawn(program, args, { env, stdio: ['inherit', 'pipe', 'pipe'] })
  let stopped = false
  const pass = (signal: NodeJS.Signals): void => {
    stopped = true
    // The terminal sends Ctrl-C to the child, too; a second one would make it break off.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  try {
    const output = Promise.all([
      logs.watch(child.stdout, process.stdout),
      logs.watch(child.stderr, process.stderr),
    ])
    const code = await endOf(child, program)
    await output
    return { code, stopped: stopped || child.signalCode !== null }
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, pass)
  }
}

function endOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new Error(`${program} cannot be started: ${error.message}`, { cause: error })),
    )
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

function stay(url: string, code: number): Promise<void> {
  process.stderr.write(`The command has ended with ${code}. ${url} stays until Ctrl-C.\n`)
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve())
  })
}
