import { types } from 'node:util'
import { type OpenMessage, openMessage } from '@callchain/core/internal'
import { finalize, isObservable, type Observable } from 'rxjs'
import type { MessageHandler } from './types.ts'

/** A handler whose message stays open until the last of its answers, and is called what the gateway calls it. */
export function tracedMessageHandler<Handler extends MessageHandler>(handler: Handler): Handler {
  const { callback, message: name } = handler
  const traced = (...args: never[]): unknown => {
    const message = openMessage()
    if (message === undefined) return callback(...args)
    if (typeof name === 'string') message.called?.(name)
    return held(message, () => callback(...args))
  }
  return { ...handler, callback: traced }
}

function held(message: OpenMessage, handle: () => unknown): unknown {
  const release = message.hold?.() ?? (() => {})
  const answer = (value: unknown): unknown => {
    if (isObservable(value)) return (value as Observable<unknown>).pipe(finalize(release))
    release()
    return value
  }
  const fail = (error: unknown): never => {
    message.fail(error)
    release()
    throw error
  }
  try {
    const result = handle()
    return types.isPromise(result) ? result.then(answer, fail) : answer(result)
  } catch (error) {
    return fail(error)
  }
}
