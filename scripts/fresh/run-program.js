import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'

const TIMEOUT_MILLIS = 30_000

/**
 * Starts `program`, a line of a shell, in `folder`; sends it the request of `curl`, and resolves to
 * what it has written once that has as many lines as `lines`. Ends it, with all that it has started.
 */
export async function runProgram({ program, curl, lines }, { folder, env }) {
  const port = await freePort()
  const child = spawn('bash', ['-c', program], {
    cwd: folder,
    env: { ...env, PORT: `${port}`, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that npx and what it runs can be ended together.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  const closed = once(child, 'close')
  const limit = AbortSignal.timeout(TIMEOUT_MILLIS)
  const check = () => {
    if (child.exitCode !== null || limit.aborted)
      throw new Error(`${program} ${limit.aborted ? 'took too long' : 'ended'}:\n${output}`)
  }
  try {
    await ask(curl.replace('3000', `${port}`), check)
    while (plainLines(output).length < lines) {
      check()
      await pause()
    }
    return output
  } finally {
    end(child)
    await closed
  }
}

/** What a program says for a reader: without its own log lines, and what npm says of itself. */
export function plainLines(output) {
  return output.split('\n').filter((line) => !/^(?:\s*$|\{|npm (?:warn|notice)\b)/.test(line))
}

async function ask(curl, check) {
  const url = `http://${curl.replace(/^curl /, '')}`
  for (;;) {
    check()
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return response.text()
    await pause()
  }
}

function end(child) {
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, 50))
}

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  await once(server.close(), 'close')
  return port
}
