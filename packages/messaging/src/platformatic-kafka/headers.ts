import type { SentMessage } from '@callchain/core'
import { createKafkaRoom, kafkaBytesOf } from '../wrapping/kafka-room.ts'
import { textOf } from '../wrapping/text.ts'
import type { HeaderWriters } from './serializers.ts'
import type { PlatformaticHeaders, PlatformaticMessage } from './types.ts'

/** The name and the value of a header, as they are before they are serialized. */
export type HeaderEntry = readonly [name: unknown, value: unknown]

/** The entries of headers of either form. */
export function entriesOf(headers: unknown): readonly HeaderEntry[] {
  if (headers instanceof Map) return [...headers]
  return isRecord(headers) ? Object.entries(headers) : []
}

/** A header by its name; `undefined` where there is none, or several. */
export function headerOf(entries: readonly HeaderEntry[], name: string): string | undefined {
  const [found, ...others] = entries.filter(([key]) => textOf(key) === name)
  return others.length > 0 ? undefined : textOf(found?.[1])
}

/** A message that goes out, which keeps what is written into it away from the application's own. */
export class OutgoingMessage implements SentMessage {
  private entries: readonly HeaderEntry[]
  private isChanged = false
  private readonly message: PlatformaticMessage
  private readonly writers: HeaderWriters
  private readonly hasRoom: (bytes: number) => boolean

  constructor(message: PlatformaticMessage, writers: HeaderWriters) {
    this.message = message
    this.writers = writers
    const entries = entriesOf(message.headers)
    this.entries = entries
    this.hasRoom = createKafkaRoom(() => kafkaBytesOf(message.value) + bytesOfAll(entries))
  }

  get topic(): string {
    return this.message.topic
  }

  header(name: string): string | undefined {
    return headerOf(this.entries, name)
  }

  setHeader(name: string, text: string): boolean {
    // What the library refuses as headers, it is to refuse.
    if (!canCarry(this.message.headers)) return false
    if (!this.hasRoom(name.length + text.length)) return false
    const { key, value } = this.writers
    this.entries = [...this.without(name), [key(name), value(text)]]
    this.isChanged = true
    return true
  }

  removeHeader(name: string): void {
    this.entries = this.without(name)
    this.isChanged = true
  }

  /** What is sent: the application's message, or a copy of it with other headers. */
  toSend(): PlatformaticMessage {
    if (!this.isChanged) return this.message
    const headers: PlatformaticHeaders = new Map(this.entries)
    return { ...this.message, headers }
  }

  private without(name: string): readonly HeaderEntry[] {
    return this.entries.filter(([key]) => textOf(key) !== name)
  }
}

function canCarry(headers: unknown): boolean {
  return headers === undefined || headers instanceof Map || isRecord(headers)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bytesOfAll(entries: readonly HeaderEntry[]): number {
  return entries.reduce((sum, [key, value]) => sum + kafkaBytesOf(key) + kafkaBytesOf(value), 0)
}
