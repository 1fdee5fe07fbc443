import { execFileSync } from 'node:child_process'

const lookEveryMs = 250

/**
 * Runs `act` when the npm that started us is gone, or the shell that it runs scripts in: a signal that
 * npm is sent may end them alone, without a word to us.
 * @param {() => void} act
 */
export function whenNpmEnds(act) {
  // Started by hand, we may outlive the terminal: that is what `nohup` and `disown` are for.
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const parent = process.ppid
  const npm = parentOfShell(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || runs(npm))) return
    clearInterval(timer)
    act()
  }, lookEveryMs)
  timer.unref()
}

/**
 * The process that has started `pid`, if that is a shell: some shells give way to the one command of a
 * script, others wait for it.
 * @param {number} pid
 * @returns {number | undefined}
 */
function parentOfShell(pid) {
  try {
    const said = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
    const [, parent, command = ''] = /^\s*(\d+)\s+(.*)$/m.exec(said) ?? []
    return /sh$/.test(command.trim()) ? Number(parent) : undefined
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function runs(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's: it runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
