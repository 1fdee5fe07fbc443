import type { SentMessage } from '@callchain/core'
import { textOf } from '../wrapping/text.ts'
import type { PlatformaticHeaders, PlatformaticMessage } from './types.ts'

// The broker's default for a topic; what a topic really takes, a producer does not know.
const MAX_MESSAGE_BYTES = 1_048_588
const BYTES_BESIDES = 128

/** Makes of a text what a producer's serializers take. */
export type ToHeader = (text: string) => unknown

interface Serializers {
  readonly headerKey?: (text: string) => unknown
  readonly headerValue?: (text: string) => unknown
}

/**
 * What headers of a producer are written as: text where its serializers make bytes of it, else bytes,
 * as the library wants them without serializers.
 */
export function headerWriters(producer: object): { key: ToHeader; value: ToHeader } {
  const { headerKey, headerValue } = serializersOf(producer)
  return { key: writerFor(headerKey), value: writerFor(headerValue) }
}

// The library keeps its options under a symbol of its own.
function serializersOf(producer: object): Serializers {
  const key = Object.getOwnPropertySymbols(producer).find(
    ({ description }) => description === 'plt.kafka.base.options',
  )
  const options = key === undefined ? undefined : (Reflect.get(producer, key) as object | undefined)
  return (options as { serializers?: Serializers } | undefined)?.serializers ?? {}
}

function writerFor(serialize: ((text: string) => unknown) | undefined): ToHeader {
  try {
    if (serialize?.('probe') instanceof Uint8Array) return (text) => text
  } catch {
    // It takes no text.
  }
  return (text) => Buffer.from(text)
}

/** The entries of headers of either form. */
export function entriesOf(headers: PlatformaticHeaders | undefined): [unknown, unknown][] {
  if (headers === undefined || headers === null) return []
  return headers instanceof Map ? [...headers] : Object.entries(headers)
}

/** A header by its name; `undefined` where there is none, or several. */
export function headerOf(entries: readonly [unknown, unknown][], name: string): string | undefined {
  const values = entries.filter(([key]) => textOf(key) === name)
  return values.length === 1 ? textOf(values[0]?.[1]) : undefined
}

/** A message that goes out, with a copy of its headers to write into. */
export function sentMessage(
  { value, headers }: PlatformaticMessage,
  write: { key: ToHeader; value: ToHeader },
): { message: SentMessage; headers(): Map<unknown, unknown> | undefined } {
  let entries = entriesOf(headers)
  let isChanged = false
  const without = (name: string) => entries.filter(([key]) => textOf(key) !== name)
  return {
    message: {
      header: (name) => headerOf(entries, name),
      setHeader: (name, text) => {
        const size = entries.reduce((sum, pair) => sum + sizeOf(pair), lengthOf(value))
        const more = name.length + text.length + BYTES_BESIDES
        // One that is larger by far is for a topic that takes more.
        if (size <= MAX_MESSAGE_BYTES && size + more > MAX_MESSAGE_BYTES) return false
        entries = [...without(name), [write.key(name), write.value(text)]]
        isChanged = true
        return true
      },
      removeHeader: (name) => {
        entries = without(name)
        isChanged = true
      },
    },
    headers: () => (isChanged ? new Map(entries) : undefined),
  }
}

function sizeOf([key, value]: readonly [unknown, unknown]): number {
  return lengthOf(key) + lengthOf(value)
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return value instanceof Uint8Array ? value.byteLength : 0
}
