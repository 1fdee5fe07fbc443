import { childEnvironment } from './child-environment.ts'
import { STOP_SIGNALS } from './exit.ts'
import { elsewhere, pageOf, shownToken } from './greeting.ts'
import { createLogSender } from './log-sender.ts'
import type { CliOptions } from './options.ts'
import { runChild } from './run-child.ts'
import { startOrFind } from './start.ts'
import { listed, paint } from './text.ts'
import { useRunning } from './use-running.ts'
import { openIfAsked } from './view.ts'

/**
 * Starts the viewer if none runs at the port, and a command that sends to it. Ends as the command
 * ends, with its exit code; on a terminal, a viewer that was started here stays until Ctrl-C when the
 * command has ended by itself, so that the user can look at what it did.
 */
export async function run(options: CliOptions, command: readonly string[]): Promise<void> {
  const found = await startOrFind(options, say)
  const viewer = 'viewer' in found ? found.viewer : undefined
  const { url } = 'viewer' in found ? found.viewer : found.running
  if ('running' in found) {
    const missing = await useRunning(found.running, options, say)
    if (missing.length > 0)
      say(`The viewer at ${url} is already running, without ${listed(missing)}.`)
  }
  const { stderr } = process
  const page = pageOf(url, shownToken(options, stderr))
  say(paint('dim', `Callchain shows the traces at ${page}`, stderr))
  if (viewer !== undefined) for (const line of elsewhere(viewer, options, stderr)) say(line)
  openIfAsked(url, options)
  const environment = childEnvironment(process.env, { url, token: options.token, command })
  const service = environment.OTEL_SERVICE_NAME ?? 'app'
  const logs = createLogSender(url, service, options.token)
  try {
    const end = await runChild(command, environment, logs, say)
    process.exitCode = end.code
    const lost = await logs.flush()
    if (lost > 0) say(`${lost} log lines were dropped: they came faster than they could be sent.`)
    if (viewer !== undefined && process.stdout.isTTY && !end.stopped) await stay(url, end.code)
  } finally {
    await viewer?.close()
  }
}

function stay(url: string, code: number): Promise<void> {
  say(`The command exited with code ${code}. ${url} stays open until you press Ctrl-C.`)
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) process.once(signal, () => resolve())
  })
}

// The command's own output may be read by another program.
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
