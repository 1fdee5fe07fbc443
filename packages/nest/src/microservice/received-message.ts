import type { ReceivedMessage } from '@callchain/core'
import { PACKET_METADATA_KEY } from '@callchain/core/internal'
import type { Context } from '@opentelemetry/api'

/** A context whose code finds the metadata of a packet. */
export function withMetadata(within: Context, packet: unknown): Context {
  return within.setValue(PACKET_METADATA_KEY, (packet as { metadata?: unknown } | null)?.metadata)
}

// The contexts of Nest's transports, which hold what their libraries have received.
interface RpcContext {
  /** Of TCP and Redis, since Nest 12. */
  getMetadata?(): unknown
  /** Of NATS. */
  getHeaders?(): unknown
  /** Of RabbitMQ and Kafka. */
  getMessage?(): unknown
  /** Of MQTT. */
  getPacket?(): unknown
}

/** The message that a handler is called for, with its headers, wherever its transport has them. */
export function receivedMessage(rpc: unknown, active: Context): ReceivedMessage {
  const headers = headersOf((rpc ?? {}) as RpcContext) ?? active.getValue(PACKET_METADATA_KEY)
  return {
    header: (name) => textOf(headers, name),
    headerNames: () => namesOf(headers),
    raw: rpc,
  }
}

function headersOf(rpc: RpcContext): unknown {
  const { headers, properties } = (rpc.getMessage?.() ?? rpc.getPacket?.() ?? {}) as Received
  return (
    rpc.getMetadata?.() ??
    rpc.getHeaders?.() ??
    headers ??
    properties?.headers ??
    properties?.userProperties
  )
}

interface Received {
  readonly headers?: unknown
  readonly properties?: { readonly headers?: unknown; readonly userProperties?: unknown }
}

interface HeaderMap {
  get(name: string): unknown
  keys(): Iterable<string>
}

function textOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const value: unknown = isMap(headers)
    ? headers.get(name)
    : Object.hasOwn(headers, name)
      ? Reflect.get(headers, name)
      : undefined
  if (Buffer.isBuffer(value)) return value.toString()
  return typeof value === 'string' && value !== '' ? value : undefined
}

function namesOf(headers: unknown): readonly string[] {
  if (typeof headers !== 'object' || headers === null) return []
  return isMap(headers) ? [...headers.keys()] : Object.keys(headers)
}

// That of NATS has methods, the others are plain objects.
function isMap(headers: object): headers is HeaderMap {
  const { get, keys } = headers as Partial<HeaderMap>
  return typeof get === 'function' && typeof keys === 'function'
}
