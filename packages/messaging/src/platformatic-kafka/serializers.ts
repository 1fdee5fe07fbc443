/** Makes of a text what a producer's serializers take. */
export type ToHeader = (text: string) => unknown

/** How the name and the value of a header are written. */
export interface HeaderWriters {
  readonly key: ToHeader
  readonly value: ToHeader
}

type Serialize = (data: unknown) => unknown

interface Serializers {
  readonly headerKey?: Serialize
  readonly headerValue?: Serialize
}

/**
 * What headers of a producer are written as, so that its serializers make plain UTF-8 of them: text, or
 * bytes where they take no text, as the library wants them without serializers.
 */
export function headerWriters(producer: object): HeaderWriters {
  const { headerKey, headerValue } = serializersOf(producer)
  return { key: writerFor(headerKey), value: writerFor(headerValue) }
}

// The library keeps its options under a symbol of its own.
function serializersOf(producer: object): Serializers {
  const key = Object.getOwnPropertySymbols(producer).find(
    ({ description }) => description === 'plt.kafka.base.options',
  )
  const options = (key === undefined ? undefined : Reflect.get(producer, key)) as
    | { serializers?: Serializers; registry?: { getSerializers?(): Serializers } }
    | undefined
  return options?.registry?.getSerializers?.() ?? options?.serializers ?? {}
}

const PROBE = 'traceparent'

function writerFor(serialize: Serialize | undefined): ToHeader {
  const asText: ToHeader = (text) => text
  const asBytes: ToHeader = (text) => Buffer.from(text)
  if (typeof serialize !== 'function') return asBytes
  if (serialized(serialize, PROBE) === PROBE) return asText
  if (serialized(serialize, Buffer.from(PROBE)) === PROBE) return asBytes
  // Of JSON and its like: whoever reads it with the same library reads a text again.
  return serialized(serialize, PROBE) === undefined ? asBytes : asText
}

function serialized(serialize: Serialize, data: unknown): string | undefined {
  try {
    const bytes = serialize(data)
    return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('utf8') : undefined
  } catch {
    return undefined
  }
}
