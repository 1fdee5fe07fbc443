import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const ROOT: string = join(__dirname, '../../..')

/** Builds what is needed to run the clients in a process without a test runner, as either module format. */
export async function buildClients(): Promise<void> {
  // Not the compiler itself: the set-up sees to it that no two suites build at once.
  await run(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], { cwd: ROOT })
}
