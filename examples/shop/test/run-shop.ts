import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const START = [process.execPath, 'examples/shop/start.js'] as const

/** A run of `node examples/shop/start.js`. */
export interface Run {
  readonly child: ChildProcess
  output(): string
  /** The file that its log lines go to, its own: several shops may run at once. */
  readonly logs: string
  /** Waits until the output has `text`; rejects when the process ends without it. */
  said(text: string): Promise<void>
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/**
 * Starts the shop as a user does, on its own database also where the tests of the drivers have another,
 * and with a viewer of its own.
 */
export function runShop(
  args: string[],
  environment: NodeJS.ProcessEnv = {},
  [command, ...before]: readonly [string, ...string[]] = START,
): Run {
  const { DATABASE_URL: _, ...inherited } = process.env
  const logs = join(mkdtempSync(join(tmpdir(), 'callchain-shop-')), 'shop.jsonl')
  const own = { NO_COLOR: '1', FORCE_COLOR: '', PORT_VIEWER: '0', LOG_FILE: logs }
  const child = spawn(command, [...before, ...args], {
    cwd: root,
    env: { ...inherited, ...own, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const look = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const check of look) check()
    })
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return {
    child,
    ended,
    logs,
    output: () => output,
    said(text) {
      const heard = new Promise<void>((resolve) => {
        const check = (): void => {
          if (output.includes(text)) resolve()
        }
        look.add(check)
        check()
      })
      const unsaid = ended.then((end) => {
        if (!output.includes(text)) throw new Error(`It ended with ${end}, having said:\n${output}`)
      })
      return Promise.race([heard, unsaid])
    },
  }
}

/** Builds the packages, if they are not built already: the shop's processes run them. */
export async function buildPackages(): Promise<void> {
  const args = ['scripts/set-up.cjs', '--build', '--no-install']
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`The packages could not be built.\n${errors}`)
}

/** The ports that a run says its processes listen on. */
export function portsIn(output: string): number[] {
  return [...output.matchAll(/127\.0\.0\.1:(\d+)$/gm)].map(([, port]) => Number(port))
}

/** Waits until nobody listens on a port. */
export async function released(port: number): Promise<void> {
  while (await listens(port)) await new Promise((resolve) => setTimeout(resolve, 20))
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
