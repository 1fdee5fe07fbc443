import { overrideMethod } from '../wrapping/traced.ts'

/** What settles a message of a stream, and how it is called where that is a failure. */
const SETTLING = { ack: undefined, ackAck: undefined, nak: 'nak', term: 'term' } as const

/** Calls `settled` when the application settles a message. */
export function followSettling(
  message: object,
  settled: (verdict: string | undefined) => void,
): void {
  for (const [name, verdict] of Object.entries(SETTLING)) {
    const original: unknown = Reflect.get(message, name)
    if (typeof original !== 'function') continue
    overrideMethod(message, name, (...args: unknown[]) => {
      const result: unknown = Reflect.apply(original, message, args)
      settled(verdict)
      return result
    })
  }
}
