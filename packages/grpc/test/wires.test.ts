import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { traceGrpc } from '@callchain/grpc'
import { assertSpan, createRecorder } from '@callchain/testing'
import * as grpc from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { type EchoClient, SERVICE, wider } from './contract-service.ts'
import { type Echo, serveEcho, unary } from './echo.ts'
import { gzip, mutualWire, plainWire, refusedWire, tlsWire, type Wire } from './wires.ts'

const recorder = createRecorder()
const closing: (() => void)[] = []
const echo = (
  call: grpc.ServerUnaryCall<string, string>,
  respond: grpc.sendUnaryData<string>,
): void => respond(null, call.request)

const serve = async (wire: Wire): Promise<Echo> => {
  const served = await serveEcho({ unary: echo }, { wire })
  closing.push(() => served.close())
  return served
}

const ofKind = async (kind: SpanKind): Promise<ReadableSpan[]> => {
  await recorder.settled()
  return recorder.spans().filter((span) => span.kind === kind)
}

/** A way to a port that counts the bytes that the client sends. */
async function countingWay(port: number): Promise<{ port: number; sent(): number }> {
  let sent = 0
  const sockets: Socket[] = []
  const way: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    sockets.push(near, far)
    for (const each of [near, far]) each.on('error', () => {})
    near.on('data', (bytes: Buffer) => {
      sent += bytes.length
    })
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(way, 'listening')
  closing.push(() => {
    way.close()
    for (const each of sockets) each.destroy()
  })
  return { port: (way.address() as AddressInfo).port, sent: () => sent }
}

beforeAll(() => recorder.reset())
afterEach(() => {
  for (const close of closing.splice(0)) close()
  recorder.reset()
})
afterAll(() => recorder.shutdown())

describe('calls over TLS', () => {
  it.each([
    ['where the server alone shows who it is', tlsWire],
    ['where both do', mutualWire],
  ])('have both spans, with the same addresses as without, %s', async (_how, wireOf) => {
    const served = await serve(wireOf(grpc))
    expect(await unary(served.client, 'a')).toBe('a')
    const [[client], [server]] = [await ofKind(SpanKind.CLIENT), await ofKind(SpanKind.SERVER)]
    assertSpan(client, {
      status: 'unset',
      attributes: {
        'server.address': '127.0.0.1',
        'server.port': served.port,
        'network.peer.address': '127.0.0.1',
        'network.peer.port': served.port,
      },
    })
    assertSpan(server, {
      parentSpanId: client?.spanContext().spanId ?? '',
      attributes: { 'client.address': '127.0.0.1', 'rpc.response.status_code': 'OK' },
    })
  })

  it('end the CLIENT span as an error where the server does not know the client', async () => {
    const served = await serve(refusedWire(grpc))
    const answer = await unary(served.client, 'a', { deadline: Date.now() + 10_000 })
    expect(answer).toMatchObject({ code: grpc.status.UNAVAILABLE })
    expect(await ofKind(SpanKind.SERVER)).toEqual([])
    const [client, ...others] = await ofKind(SpanKind.CLIENT)
    expect(others).toEqual([])
    assertSpan(client, { status: 'error', attributes: { 'error.type': 'UNAVAILABLE' } })
  })
})

describe('calls that are compressed', () => {
  it('have the spans of other calls, and stay compressed', async () => {
    const served = await serve(plainWire(grpc))
    const way = await countingWay(served.port)
    const Made = grpc.makeGenericClientConstructor(wider, SERVICE)
    const client = new Made(`127.0.0.1:${way.port}`, grpc.credentials.createInsecure(), {
      ...gzip(grpc),
      interceptors: [traceGrpc()],
    })
    closing.push(() => client.close())
    const text = 'a'.repeat(100_000)
    expect(await unary(client as unknown as EchoClient, text)).toBe(text)
    expect(way.sent()).toBeLessThan(5000)
    const [[sent], [received]] = [await ofKind(SpanKind.CLIENT), await ofKind(SpanKind.SERVER)]
    assertSpan(sent, { attributes: { 'rpc.response.status_code': 'OK' } })
    assertSpan(received, { parentSpanId: sent?.spanContext().spanId ?? '' })
  })
})
