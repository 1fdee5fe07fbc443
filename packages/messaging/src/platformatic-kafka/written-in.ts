import { type Context, context } from '@opentelemetry/api'
import { overrideMethod } from '../wrapping/traced.ts'
import type { PlatformaticProducerStream } from './types.ts'

/** Who has written the messages of streams, which send them later, and many at once. */
export interface WrittenIn {
  /** Remembers in which context each message is written into a stream. */
  follow(stream: PlatformaticProducerStream): void
  /** The context in which a message was written; `undefined` for one that no stream has taken. */
  take(message: object): Context | undefined
}

export function createWrittenIn(): WrittenIn {
  // A message may be written again before it was sent.
  const contexts = new WeakMap<object, Context[]>()
  const remember = (message: unknown): void => {
    if (typeof message !== 'object' || message === null) return
    const known = contexts.get(message)
    if (known === undefined) contexts.set(message, [context.active()])
    else known.push(context.active())
  }
  return {
    follow: (stream) => {
      const { write, end } = stream
      overrideMethod(stream, 'write', (message: unknown, ...rest: unknown[]) => {
        remember(message)
        return write.call(stream, message, ...rest)
      })
      overrideMethod(stream, 'end', (...args: unknown[]) => {
        remember(args[0])
        return end.apply(stream, args)
      })
    },
    take: (message) => contexts.get(message)?.shift(),
  }
}
