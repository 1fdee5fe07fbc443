import { execFileSync } from 'node:child_process'
import { findProgram } from './start-server.js'

// A download that breaks off is tried again; another apt-get that is at work is waited for.
const patient = ['-o', 'Acquire::Retries=5', '-o', 'DPkg::Lock::Timeout=300']

/** Runs a command to its end, and returns what it said. Throws an Error with that when it fails. */
export function run(command, args, options = {}) {
  try {
    const stdio = ['ignore', 'pipe', 'pipe']
    return execFileSync(command, args, { ...options, stdio, encoding: 'utf8', maxBuffer: 2 ** 26 })
  } catch (error) {
    // Maven says what is wrong on its standard output.
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`
    throw new Error(`${command} ${args.join(' ')} failed:\n${said || error.message}`)
  }
}

/** Installs Debian's package of each program that is missing: `{ mvn: 'maven' }`. */
export function installPackages(packages) {
  const missing = Object.keys(packages).filter((program) => findProgram(program) === undefined)
  if (missing.length === 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const names = missing.map((program) => packages[program])
  run('apt-get', [...patient, 'update'], { env })
  run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...names], { env })
}

/** Does what downloads something, up to four times: neither Maven nor Go tries anything again. */
export function download(work, attempts = 4) {
  try {
    return work()
  } catch (error) {
    if (attempts === 1) throw error
    return download(work, attempts - 1)
  }
}
