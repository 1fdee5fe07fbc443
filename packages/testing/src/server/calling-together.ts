import { AsyncResource } from 'node:async_hooks'
import { EventEmitter } from 'node:events'

/** Calls back for several requests; `call` is given one callback by each of them. */
export interface Together {
  /** What the promise says of it: "a cache that answers its callers together". */
  readonly name: string
  /** Makes one that waits until this many have called. */
  create(size: number): (callback: () => void) => void
}

function collecting(answer: (callbacks: readonly (() => void)[]) => void): Together['create'] {
  return (size) => {
    let waiting: (() => void)[] = []
    return (callback) => {
      waiting.push(callback)
      if (waiting.length < size) return
      const all = waiting
      waiting = []
      answer(all)
    }
  }
}

function callAll(callbacks: readonly (() => void)[]): void {
  for (const callback of callbacks) callback()
}

/** The ways in which callbacks of several requests come back in the context of one, or of none. */
export const CALLING_TOGETHER: readonly Together[] = [
  { name: 'a cache that answers its callers together', create: collecting(callAll) },
  {
    name: 'a worker on a timer',
    create: (size) => {
      const waiting: (() => void)[] = []
      let timer: NodeJS.Timeout | undefined
      return (callback) => {
        waiting.push(callback)
        // Begun by the first, it works for all of them.
        timer ??= setInterval(() => {
          if (waiting.length < size) return
          clearInterval(timer)
          callAll(waiting)
        }, 1)
      }
    },
  },
  {
    name: 'an emitter',
    create: (size) => {
      const emitter = new EventEmitter()
      const tell = collecting(() => emitter.emit('answer'))(size)
      return (callback) => {
        emitter.once('answer', callback)
        tell(() => {})
      }
    },
  },
  {
    name: 'a connection that was opened outside of any request',
    create: (size) => {
      const connection = new AsyncResource('connection')
      return collecting((callbacks) => {
        connection.runInAsyncScope(callAll, undefined, callbacks)
      })(size)
    },
  },
]
