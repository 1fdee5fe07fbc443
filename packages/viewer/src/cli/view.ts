import type { RunningViewer } from '../public/find-viewer.ts'
import { STOP_SIGNALS } from './exit.ts'
import { encodeToken, greeting, pageOf } from './greeting.ts'
import { openPage } from './open-page.ts'
import type { CliOptions } from './options.ts'
import { startOrFind } from './start.ts'
import { listed } from './text.ts'
import { useRunning } from './use-running.ts'

/** Starts the viewer and keeps it up until a signal ends it, or uses the one that runs already. */
export async function view(options: CliOptions): Promise<void> {
  const found = await startOrFind(options, say)
  if ('running' in found) return meet(found.running, options)
  const { viewer } = found
  say(greeting(viewer, options, process.stdout))
  openIfAsked(viewer.url, options)
  for (const signal of STOP_SIGNALS) process.once(signal, () => void viewer.close())
}

/** A viewer that already has this port is not a failure, if it has the settings that were asked for. */
async function meet(running: RunningViewer, options: CliOptions): Promise<void> {
  const { url, pid, needsToken } = running
  const there = `A Callchain viewer is already running at ${url} (process ${pid})`
  if (needsToken && options.token === undefined && asksForNothing(options)) {
    say(`${there}.\nIts page needs the token it was started with: ${pageOf(url, '<token>')}`)
    return openIfAsked(url, options)
  }
  const missing = await useRunning(running, options, say)
  if (missing.length > 0)
    throw new Error(
      `${there}, without ${listed(missing)}.\nStop it first, or start a second one with --port <number>.`,
    )
  if (options.imports.length === 0) say(`${there}.`)
  openIfAsked(url, options)
}

/** Whether a viewer that runs needs not be asked about any option. */
function asksForNothing(options: CliOptions): boolean {
  const { grpcPort, imports, maxSpans, maxMemory, traceLinks, keep, forward } = options
  if (keep !== undefined || forward !== undefined) return false
  const hasNone = imports.length === 0 && Object.keys(traceLinks).length === 0
  return [grpcPort, maxSpans, maxMemory].every((each) => each === undefined) && hasNone
}

/** Opens the page in the browser when that is an option. */
export function openIfAsked(url: string, { open, token }: CliOptions): void {
  if (open) openPage(pageOf(url, token === undefined ? undefined : encodeToken(token)))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
