import { describe, expect, it } from '@jest/globals'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { receivedMessage, withMetadata } from '../src/microservice/received-message.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const headers = { traceparent }

// What the contexts of Nest's transports hand out; a packet's metadata comes first.
const CONTEXTS: readonly [transport: string, rpc: object][] = [
  ['TCP and Redis', { getMetadata: () => headers }],
  ['NATS', { getHeaders: () => new Map(Object.entries(headers)) }],
  ['RabbitMQ', { getMessage: () => ({ properties: { headers } }) }],
  ['Kafka', { getMessage: () => ({ headers: { traceparent: Buffer.from(traceparent) } }) }],
  ['MQTT 5', { getPacket: () => ({ properties: { userProperties: headers } }) }],
]

describe('a message that Nest hands over', () => {
  it.each(CONTEXTS)('has its headers where %s has them', (_transport, rpc) => {
    const message = receivedMessage(rpc, ROOT_CONTEXT)
    expect(message.header('traceparent')).toBe(traceparent)
    expect(message.header('baggage')).toBeUndefined()
    expect(message.headerNames?.()).toEqual(['traceparent'])
    expect(message.raw).toBe(rpc)
  })

  it('has the metadata of a packet that its context does not tell of', () => {
    const within = withMetadata(ROOT_CONTEXT, { metadata: headers })
    expect(receivedMessage({}, within).header('traceparent')).toBe(traceparent)
  })

  it.each([undefined, null, 'text', {}, { getMetadata: () => 7 }])('has none in %p', (rpc) => {
    const message = receivedMessage(rpc, withMetadata(ROOT_CONTEXT, null))
    expect(message.header('traceparent')).toBeUndefined()
    expect(message.headerNames?.()).toEqual([])
  })

  it('does not read what an object inherits', () => {
    expect(receivedMessage({ getMetadata: () => ({}) }, ROOT_CONTEXT).header('toString')).toBe(
      undefined,
    )
  })
})
