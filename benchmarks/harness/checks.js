import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const scripts = fileURLToPath(new URL('../../scripts/', import.meta.url))

/** Runs the checks whose figures stand on the page; rejects when one of them fails. */
export async function runChecks() {
  console.error('hostile headers')
  const hostile = await output('hostile-headers.js')
  console.error('soak')
  return { hostile, soak: await output('soak.js') }
}

async function output(script) {
  const { stdout } = await run(process.execPath, [scripts + script], { timeout: 900_000 })
  return stdout.trim()
}
