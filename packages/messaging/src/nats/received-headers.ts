import type { ReceivedMessage } from '@callchain/core'
import type { NatsMessage } from './types.ts'

type Entries = readonly (readonly [string, readonly string[]])[]

/** What the headers of a message say of it. */
export function receivedHeaders(
  message: NatsMessage,
): Pick<ReceivedMessage, 'header' | 'headerNames' | 'id'> {
  let entries: Entries | undefined
  // The library reads them when it is asked, and throws for some.
  const read = (): Entries => {
    entries ??= entriesOf(message)
    return entries
  }
  return {
    header: (name) => singleValue(read(), name),
    headerNames: () => read().map(([name]) => name.toLowerCase()),
    id: singleValue(read(), 'nats-msg-id'),
  }
}

function entriesOf(message: NatsMessage): Entries {
  try {
    return [...(message.headers ?? [])]
  } catch {
    return []
  }
}

/** A header by its lower-case name; `undefined` where it has no value or several. */
export function singleValue(entries: Entries, name: string): string | undefined {
  const values = entries
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, several]) => several)
  return values.length === 1 ? values[0] : undefined
}
