import { fork } from 'node:child_process'
import { once } from 'node:events'

/**
 * Starts a process that obeys over IPC, and waits until it is ready. It ends when `stop` is called,
 * and by itself when this process is gone. Every wait has a limit. `execPath` is the Node that runs it,
 * by default this one.
 */
export async function startChild(file, { args = [], execArgv = [], execPath, env = {} } = {}) {
  const options = { execArgv, execPath, env: { ...process.env, ...env } }
  const child = fork(file, args, options)
  let lastId = 0
  const { value } = await answer(child, (message) => message.ready, 60_000).catch((error) => {
    child.kill('SIGKILL')
    throw error
  })

  return {
    /** What the process said with its first message. */
    value,

    /** Sends a command and gives its answer; fails after five minutes. */
    ask(command, argument) {
      const id = ++lastId
      const promise = answer(child, (message) => message.id === id, 300_000)
      child.send({ id, command, argument })
      return promise.then((message) => message.value)
    },

    /** Lets the process end by itself, and kills it when it does not within five seconds. */
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000)
      child.disconnect()
      await exited
      clearTimeout(kill)
    },
  }
}

function answer(child, matches, limit) {
  return new Promise((resolve, reject) => {
    const settle = (then) => (value) => {
      clearTimeout(timer)
      child.off('message', receive).off('exit', exit)
      then(value)
    }
    const receive = (message) => matches(message) && settle(resolve)(message)
    const fail = (what) => settle(reject)(new Error(`${child.spawnargs.join(' ')} ${what}`))
    const exit = () => fail('ended early')
    const late = () => fail('gave no answer')
    const timer = setTimeout(late, limit)
    child.on('message', receive).on('exit', exit)
  })
}
