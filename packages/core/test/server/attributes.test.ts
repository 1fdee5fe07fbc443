import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { createServerTracer, type HttpServerRequest, type TracingOptions } from '../../src/index.ts'
import { answered, incoming, record } from '../recorder.ts'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

function attributesOf(
  overrides: Partial<HttpServerRequest>,
  options: TracingOptions = {},
  headers: Record<string, string> = {},
) {
  const request = incoming(headers, overrides)
  createServerTracer(options).receive(request)?.send(answered(200))
  return exporter.getFinishedSpans().at(-1)?.attributes
}

describe('the server that was asked for', () => {
  it('is that of an absolute-form target, whatever the Host header says', () => {
    const target = 'http://shop.example:8080/x'
    expect(attributesOf({ target }, {}, { host: 'other:1' })).toMatchObject({
      'server.address': 'shop.example',
      'server.port': 8080,
      'url.path': '/x',
    })
  })

  it.each([
    ['http', 80],
    ['https', 443],
  ] as const)('listens on the usual port of %s where none is said', (scheme, port) => {
    expect(attributesOf({ scheme }, {}, { host: 'shop' })?.['server.port']).toBe(port)
  })
})

describe('the query', () => {
  const target = '/x?q=1&token=s3cret&own=mine'

  it('is shown without secrets, also those that are named', () => {
    expect(attributesOf({ target }, { redactQuery: ['own'] })?.['url.query']).toBe(
      'q=1&token=REDACTED&own=REDACTED',
    )
  })

  it('is not shown at all when told so', () => {
    expect(attributesOf({ target }, { recordQuery: false })).not.toHaveProperty(['url.query'])
  })
})

describe('the peer', () => {
  it('is shown as IPv4 where it is', () => {
    expect(attributesOf({ peerAddress: '::ffff:203.0.113.7' })).toMatchObject({
      'network.peer.address': '203.0.113.7',
      'client.address': '203.0.113.7',
    })
  })

  it('is not shown after its connection is gone, when it is unknown', () => {
    const attributes = attributesOf({ peerAddress: '' })
    expect(attributes).not.toHaveProperty(['network.peer.address'])
    expect(attributes).not.toHaveProperty(['client.address'])
  })
})

it("an attribute of the application's that cannot be read keeps no request from its span", () => {
  const given = {
    get broken(): string {
      throw new Error('no')
    },
  }
  expect(attributesOf({}, { attributes: () => given })).toMatchObject({ 'url.path': '/' })
})
