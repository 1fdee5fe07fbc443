import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { delimiter, join } from 'node:path'

const startMillis = 180_000

/** Where a program may be besides PATH. */
const folders = [
  '/usr/sbin',
  ...(existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`)
    : []),
]

/** The path of a program, or undefined. */
export function findProgram(name, more = []) {
  return [...more, ...(process.env.PATH ?? '').split(delimiter), ...folders]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

/** The path of a program. Throws an Error that says how to get it. */
export function programOf(name, more) {
  const path = findProgram(name, more)
  if (path === undefined) {
    throw new Error(`${name} is not installed; run: node scripts/database-servers.js --install`)
  }
  return path
}

/** What a child process runs as: databases refuse to be run by root. */
function asNobody() {
  if (process.getuid?.() !== 0) return {}
  const id = (option) => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Makes a folder that the servers may write to. */
export function makeFolder(folder) {
  const { uid, gid } = asNobody()
  mkdirSync(folder, { recursive: true })
  if (uid !== undefined) chownSync(folder, uid, gid)
}

/** Runs a program to its end, and returns what it said. Throws an Error with that when it fails. */
export function runProgram(path, args, cwd, { asSelf = false } = {}) {
  const user = asSelf ? {} : asNobody()
  const { status, stderr, stdout } = spawnSync(path, args, { ...user, cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${path} failed:\n${stdout}${stderr}`)
  return stdout
}

/** A port on which nobody listens, and which no system hands out to whoever asks for any. */
export async function freePort() {
  const port = randomInt(15_000, 32_000)
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return freePort()
  }
  await once(server.close(), 'close')
  return port
}

/**
 * Starts a server and waits until it says `ready`, or, without that, until it listens. It runs as
 * nobody when we are root, unless `asSelf`; `env` and the `signal` that ends it are as given.
 * @returns an object whose `stop` ends it and resolves when it is gone
 */
export async function startServer(path, args, options) {
  const { cwd, port, ready, asSelf = false, env = process.env, signal = 'SIGINT' } = options
  const user = asSelf ? {} : asNobody()
  const child = spawn(path, args, { ...user, cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-20_000)
    })
  }
  const ended = new Promise((resolve) => child.once('close', resolve))
  const stop = async () => {
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(late)
  }
  const deadline = Date.now() + startMillis
  while (!(ready === undefined ? await listens(port) : output.includes(ready))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`${path} did not start:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { stop }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
