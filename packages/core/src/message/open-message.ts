import { type Context, context } from '@opentelemetry/api'
import { OPEN_MESSAGE_KEY } from '../otel/shared-keys.ts'

/** A message that is being handled, for a framework that knows more of it than the library that it came by. */
export interface OpenMessage {
  /** Notes what made it fail, where the framework answers errors itself. */
  fail(error: unknown): void
  /** Keeps it open until the function that is returned is called; where handlers give streams back. */
  hold?(): () => void
  /** Says what it is called, by the application's own name of few values; where the library knows none. */
  called?(name: string): void
}

/** A context whose code finds the message that it handles. */
export function withOpenMessage(within: Context, message: OpenMessage): Context {
  return within.setValue(OPEN_MESSAGE_KEY, message)
}

/** The message that is being handled now. */
export function openMessage(): OpenMessage | undefined {
  return context.active().getValue(OPEN_MESSAGE_KEY) as OpenMessage | undefined
}
