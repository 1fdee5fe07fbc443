import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(__dirname, '../../..')
const FIXTURES = join(__dirname, 'fixtures')

/** Builds the packages where they are not built: a process of its own can run nothing else. */
export async function buildPackages(): Promise<void> {
  // Not the compiler itself: the set-up sees to it that no two suites build at once.
  const args = ['scripts/set-up.cjs', '--build', '--no-install']
  await promisify(execFile)(process.execPath, args, { cwd: ROOT })
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** From what it last wrote to stdout, else from its start. */
  readonly millis: number
}

/** An application in a process of its own. */
export interface Application {
  /** Resolves once it has written `text` to stdout. */
  says(text: string): Promise<void>
  /** Resolves to the first line that it writes to stdout. */
  saysLine(): Promise<string>
  /** Gives it a line to read. */
  tell(line: string): void
  kill(signal: NodeJS.Signals): void
  /** Stops reading what it writes to stderr. */
  closeStderr(): void
  ended: Promise<Ending>
}

/** Runs `node` with these arguments beside the fixtures; its environment has these variables alone. */
export function runApplication(
  args: readonly string[],
  variables: Record<string, string>,
): Application {
  let lastHeard = Date.now()
  const env = { OTEL_SERVICE_NAME: 'app', ...variables }
  const child = spawn(process.execPath, args, {
    cwd: FIXTURES,
    env,
    // A process that should have ended must not outlive its test.
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    lastHeard = Date.now()
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  async function says(text: string): Promise<void> {
    while (!stdout.includes(text)) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`it ended without "${text}": ${stderr}`)
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    }
  }
  return {
    says,
    async saysLine() {
      await says('\n')
      return stdout.slice(0, stdout.indexOf('\n'))
    },
    tell: (line) => child.stdin.write(`${line}\n`),
    kill: (signal) => child.kill(signal),
    closeStderr: () => child.stderr.destroy(),
    ended: once(child, 'close').then(([code, signal]) => {
      return { code, signal, stdout, stderr, millis: Date.now() - lastHeard }
    }),
  }
}
