import type { NatsConnection, NatsMessage } from './types.ts'

const DEFAULT_INBOX = '_INBOX'

/** Whether a subject is the system's own: JetStream's commands and acknowledgements, answers to a request. */
export function isInternal(subject: string, connection: NatsConnection | undefined): boolean {
  if (subject.startsWith('$') || subject.startsWith(`${DEFAULT_INBOX}.`)) return true
  const prefix = connection?.options?.inboxPrefix
  return typeof prefix === 'string' && prefix !== '' && subject.startsWith(`${prefix}.`)
}

/** Whether a message of a subscription is for JetStream's client, which subscribes as anybody does. */
export function isForJetStream(message: NatsMessage): boolean {
  return message.reply?.startsWith('$JS.') === true || statusOf(message) === HEARTBEAT
}

const HEARTBEAT = 100

// The library reads headers when it is asked for them, and throws for some.
function statusOf(message: NatsMessage): unknown {
  try {
    return (message.headers as { readonly code?: unknown } | undefined)?.code
  } catch {
    return undefined
  }
}

/** The pattern of a subscription, which stands for the subjects that it matches. */
export function templateOf(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return undefined
  return /(?:^|\.)(?:\*|>)(?:\.|$)/.test(pattern) ? pattern : undefined
}
