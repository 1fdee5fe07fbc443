import type { SentMessage } from '@callchain/core'
import type { MessageAttribute, SentEntry } from './types.ts'
import { fromXRay, TRACE_HEADER, toXRay } from './x-ray.ts'

// Amazon SQS, "Message quotas" and "Message attribute quotas". Queues of before August 2025, and topics, take the smaller.
const MAX_ATTRIBUTES = 10
const SIZE_LIMITS_BYTES = [262_144, 1_048_576]
const STRING = 'String'

/** Counts what the messages of one call have together, and whether more has room. */
export interface Room {
  take(bytes: number): boolean
}

/** The room of one call: it must not become too large where it was not. */
export function createRoom(entries: readonly SentEntry[]): Room {
  let size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
  return {
    take: (bytes) => {
      if (SIZE_LIMITS_BYTES.some((limit) => size <= limit && size + bytes > limit)) return false
      size += bytes
      return true
    },
  }
}

/** One message that goes out, and what to send in place of it. */
export interface SentAttributes {
  readonly message: SentMessage
  entry(): SentEntry
}

/**
 * Writes into a copy of a message's attributes. Where all ten are taken, the trace goes where X-Ray has
 * its own, if the service has such a place and the application has not used it.
 */
export function sentAttributes(entry: SentEntry, room: Room, hasSystem: boolean): SentAttributes {
  const attributes: Record<string, MessageAttribute> = { ...entry.MessageAttributes }
  let system: Record<string, MessageAttribute> | undefined
  let isChanged = false
  const put = (name: string, value: string): boolean => {
    const isNew = !Object.hasOwn(attributes, name)
    if (isNew && Object.keys(attributes).length >= MAX_ATTRIBUTES) return false
    if (!room.take(name.length + STRING.length + value.length)) return false
    attributes[name] = { DataType: STRING, StringValue: value }
    isChanged = true
    return true
  }
  const putInSystem = (traceparent: string): boolean => {
    const header = toXRay(traceparent)
    const own = entry.MessageSystemAttributes
    if (!hasSystem || header === undefined || own?.[TRACE_HEADER] !== undefined) return false
    system = { ...own, [TRACE_HEADER]: { DataType: STRING, StringValue: header } }
    return true
  }
  return {
    message: {
      header: (name) =>
        attributes[name]?.StringValue ??
        (name === 'traceparent' ? ownTrace(entry, hasSystem) : undefined),
      setHeader: (name, value) =>
        put(name, value) || (name === 'traceparent' && putInSystem(value)),
      removeHeader: (name) => {
        isChanged ||= Object.hasOwn(attributes, name)
        delete attributes[name]
      },
    },
    entry: () => ({
      ...entry,
      ...(isChanged && { MessageAttributes: attributes }),
      ...(system !== undefined && { MessageSystemAttributes: system }),
    }),
  }
}

function ownTrace(entry: SentEntry, hasSystem: boolean): string | undefined {
  if (!hasSystem) return undefined
  return fromXRay(entry.MessageSystemAttributes?.[TRACE_HEADER]?.StringValue)
}

function sizeOf({ MessageBody, Message, MessageAttributes = {} }: SentEntry): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType, StringValue, BinaryValue }]) =>
      sum + lengthOf(name) + lengthOf(DataType) + lengthOf(StringValue) + lengthOf(BinaryValue),
    lengthOf(MessageBody) + lengthOf(Message),
  )
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return value instanceof Uint8Array ? value.byteLength : 0
}
