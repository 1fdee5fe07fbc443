import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * What a process of the shop tells its parent.
 * @typedef {{ listening: number } | { failed: string }} Report
 */

/**
 * @typedef {object} Child
 * @property {string} name
 * @property {number} pid
 * @property {number} port 0: it listens on none
 * @property {() => Promise<void>} stop asks it to stop and waits until it is gone
 */

/**
 * @typedef {object} Listeners
 * @property {(name: string, line: string) => void} onLog a line of its standard output
 * @property {(name: string, line: string) => void} onWarning a line of its standard error
 * @property {(name: string, reason: string) => void} onLost it ended without being asked to
 */

const patienceMs = 5_000

/**
 * Starts one process of the shop and waits until it listens.
 * @param {string} name its folder
 * @param {Record<string, string | undefined>} environment in addition to ours
 * @param {Listeners} listeners
 * @param {AbortSignal} [signal] gives the start up
 * @returns {Promise<Child>}
 * @throws {Error} in one sentence, when it does not get to listen
 */
export async function startChild(name, environment, listeners, signal) {
  if (signal?.aborted) throw new Error(`${name} did not start: interrupted`)
  const child = fork(new URL(`../${name}/server.js`, import.meta.url), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  /** @type {string[]} */
  const errors = []
  let listening = false
  readLines(child.stdout, (line) => listeners.onLog(name, line))
  readLines(child.stderr, (line) => {
    if (listening) listeners.onWarning(name, line)
    else errors.push(line)
  })

  const gone = new Promise((resolve) => child.once('close', resolve))
  const port = await portOf(child, () => errors, signal).catch(async (error) => {
    child.kill('SIGKILL')
    await gone
    throw new Error(`${name} did not start: ${error.message}`)
  })
  listening = true
  for (const line of errors) listeners.onWarning(name, line)

  let asked = false
  child.once('exit', (code, signal) => {
    if (!asked) listeners.onLost(name, `${name} ended by itself (${signal ?? `exit code ${code}`})`)
  })
  return {
    name,
    pid: child.pid ?? 0,
    port,
    stop: async () => {
      asked = true
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      await gone
      clearTimeout(hard)
    },
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => string[]} errors what it wrote on standard error so far
 * @param {AbortSignal} [signal]
 * @returns {Promise<number>}
 */
function portOf(child, errors, signal) {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('interrupted')), { once: true })
    child.once('message', (/** @type {Report} */ report) => {
      if ('listening' in report) resolve(report.listening)
      else reject(new Error(report.failed))
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const said = errors().find((line) => /^\w*Error\b/.test(line))
      reject(new Error(said ?? `it ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

/**
 * @param {import('node:stream').Readable | null} stream
 * @param {(line: string) => void} onLine
 */
function readLines(stream, onLine) {
  if (stream) createInterface({ input: stream }).on('line', onLine)
}
