import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What takes longer than this hangs, which is red as well. */
const MAX_MILLIS = 240_000

const jest = fileURLToPath(new URL('jest.js', import.meta.url))

/**
 * Starts what runs suites of the copy, one process for all: starting Jest takes longer than most
 * suites do. `firstRed` runs stages of suites until one is red, and returns what was red in it, or
 * `undefined` when all are green. `allRed` runs every suite and returns those that are red.
 */
export function startSuites(copy) {
  let child = startJest(copy)
  const stop = () => child.kill('SIGKILL')
  async function redOf(suite) {
    const red = await answerOf(child, [suite])
    if (red === 'hung') {
      stop()
      child = startJest(copy)
    }
    return red
  }
  async function firstRed(stages) {
    for (const suite of stages.flat()) {
      const red = await redOf(suite)
      if (red !== undefined) return red
    }
    return undefined
  }
  async function allRed(suites) {
    const found = []
    for (const suite of suites) {
      const red = await redOf(suite)
      if (red !== undefined) found.push({ suite, red })
    }
    return found
  }
  return { firstRed, allRed, stop }
}

function startJest(copy) {
  return fork(jest, [join(copy, 'jest.config.ts')], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

function answerOf(child, suites) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle({ red: 'hung' }), MAX_MILLIS)
    const settle = ({ red }) => {
      clearTimeout(timer)
      child.off('message', settle).off('exit', hang)
      resolve(red)
    }
    const hang = () => settle({ red: 'hung' })
    child.once('message', settle).once('exit', hang)
    child.send({ suites })
  })
}
