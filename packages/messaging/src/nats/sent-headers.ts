import type { SentMessage } from '@callchain/core'
import { createHeaders } from './own-headers.ts'
import { singleValue } from './received-headers.ts'
import type { NatsConnection, NatsHeaders, NatsSendOptions } from './types.ts'

// `NATS/1.0` and the two empty lines around the headers; a colon, a space and a line's end for each.
const BYTES_OF_ALL = 12
const BYTES_OF_EACH = 4

/** The headers of one message that goes out. */
export interface SentHeaders {
  readonly message: SentMessage
  /** What to send with: the application's own options where nothing was written. */
  options<Options extends NatsSendOptions>(own: Options | undefined): Options | undefined
}

/** Writes into a copy of the application's headers, as far as the server takes them. */
export function sentHeaders(
  connection: NatsConnection | undefined,
  data: unknown,
  own: NatsHeaders | undefined,
): SentHeaders {
  let copy: NatsHeaders | undefined
  const entries = (): [string, readonly string[]][] => [...(copy ?? own ?? [])]
  // A name may be there in another case as well: readers of other languages would take either.
  const write = (name: string, value: string | undefined): void => {
    const kept = entries().filter(([key]) => key.toLowerCase() !== name)
    if (value !== undefined) kept.push([name, [value]])
    copy = headersWith(own, kept)
  }
  return {
    message: {
      header: (name) => singleValue(entries(), name),
      setHeader: (name, value) => {
        if (!hasRoom(connection, data, entries(), name.length + value.length)) return false
        write(name, value)
        return true
      },
      removeHeader: (name) => write(name, undefined),
    },
    options: (options) => {
      if (copy === undefined) return options
      return { ...options, headers: copy } as unknown as typeof options
    },
  }
}

// Of the same class as the application's, with its status.
function headersWith(
  own: NatsHeaders | undefined,
  entries: readonly [string, readonly string[]][],
): NatsHeaders {
  const headers = own === undefined ? createHeaders() : emptyLike(own)
  for (const [name, values] of entries) for (const value of values) headers.append(name, value)
  return headers
}

function emptyLike(own: NatsHeaders): NatsHeaders {
  const { code, description } = own as { readonly code?: number; readonly description?: string }
  const Headers = own.constructor as new (code?: number, description?: string) => NatsHeaders
  return new Headers(code, description)
}

function hasRoom(
  connection: NatsConnection | undefined,
  data: unknown,
  entries: readonly [string, readonly string[]][],
  more: number,
): boolean {
  const { headers, max_payload: limit } = connection?.info ?? {}
  if (headers === false) return false
  if (typeof limit !== 'number') return true
  const taken = entries
    .flatMap(([name, values]) => values.map((value) => lengthOf(name) + lengthOf(value)))
    .reduce((sum, bytes) => sum + bytes + BYTES_OF_EACH, BYTES_OF_ALL)
  return lengthOf(data) + taken + more + BYTES_OF_EACH <= limit
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return value instanceof Uint8Array ? value.byteLength : 0
}
