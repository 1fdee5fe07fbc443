import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../../packages/viewer/bin/callchain.js', import.meta.url))

/** Milliseconds from starting `callchain` until it has answered a request for its page; and bare Node's. */
export async function measureStartUp(times) {
  const viewer = []
  const node = []
  for (let time = 0; time < times; time += 1) {
    node.push(await timeOfNode())
    viewer.push(await timeOfViewer())
  }
  return { viewer, node }
}

async function timeOfNode() {
  const began = performance.now()
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
  await once(child, 'exit')
  return performance.now() - began
}

async function timeOfViewer() {
  const began = performance.now()
  const child = spawn(process.execPath, [command, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    const url = await Promise.race([readUrl(child.stdout), ended.then(fail)])
    const response = await fetch(url)
    await response.text()
    return performance.now() - began
  } finally {
    child.kill('SIGTERM')
    await ended.catch(() => {})
  }
}

async function readUrl(stdout) {
  let text = ''
  for await (const chunk of stdout) {
    text += chunk
    const [url] = /http:\/\/[\d.:]+/.exec(text) ?? []
    if (url !== undefined) return url
  }
  return fail([text])
}

function fail([what]) {
  throw new Error(`The viewer did not start: ${what}`)
}
