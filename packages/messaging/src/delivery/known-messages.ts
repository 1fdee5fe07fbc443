import type { MessageDelivery, MessageTracer } from '@callchain/core'
import { KNOWN_MESSAGES } from '@callchain/core/internal'

/** How a message that a traced instance has handed over is to be received. */
export interface KnownMessage {
  readonly tracer: MessageTracer
  readonly delivery: MessageDelivery
  /** How its handler has settled it, where that is a failure. */
  verdict?(): string | undefined
}

// One map for every copy of this package; it holds no message.
function knownMessages(): WeakMap<object, () => KnownMessage> {
  const holder = globalThis as { [KNOWN_MESSAGES]?: WeakMap<object, () => KnownMessage> }
  holder[KNOWN_MESSAGES] ??= new WeakMap()
  return holder[KNOWN_MESSAGES]
}

/** Remembers a message, for `traceMessage`. */
export function rememberMessage(message: unknown, known: () => KnownMessage): void {
  if (typeof message === 'object' && message !== null) knownMessages().set(message, known)
}

/** What is known of a message. */
export function knownMessage(message: unknown): KnownMessage | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  return knownMessages().get(message)?.()
}
