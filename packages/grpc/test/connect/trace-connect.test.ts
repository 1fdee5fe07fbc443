import { once } from 'node:events'
import { runWithIdentity, tenant } from '@callchain/core'
import { assertSpan, createRecorder } from '@callchain/testing'
import { Code, ConnectError } from '@connectrpc/connect'
import {
  createConnectTransport,
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import {
  type ServedStock,
  type StockClient,
  type StockHandlers,
  serveStock,
  stockClient,
} from './stock-service.ts'
import { traceConnect } from './trace-connect.ts'

const recorder = createRecorder()
const closing: (() => void)[] = []

// Connect writes there what it could not answer.
const silenced = jest.spyOn(console, 'error')

beforeAll(() => {
  silenced.mockImplementation(() => {})
  recorder.reset()
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
  recorder.reset()
})
afterAll(() => {
  silenced.mockRestore()
  return recorder.shutdown()
})

const ended = (kind: SpanKind): ReadableSpan[] =>
  recorder.spans().filter((span) => span.kind === kind)

async function spans(): Promise<Record<'client' | 'server', ReadableSpan | undefined>> {
  await recorder.settled()
  const [client, ...clients] = ended(SpanKind.CLIENT)
  const [server, ...servers] = ended(SpanKind.SERVER)
  expect([clients, servers]).toEqual([[], []])
  return { client, server }
}

describe.each([
  ['Connect', createConnectTransport],
  ['gRPC', createGrpcTransport],
] as const)('Connect-ES, over %s', (_protocol, createTransport) => {
  async function start(
    handlers: Partial<StockHandlers>,
    options: Parameters<typeof serveStock>[1] = {},
  ): Promise<{ client: StockClient; served: ServedStock }> {
    const served = await serveStock(handlers, options)
    const sessionManager = new Http2SessionManager(served.url)
    const interceptors = [traceConnect()]
    const client = stockClient(
      createTransport({ baseUrl: served.url, httpVersion: '2', interceptors, sessionManager }),
    )
    closing.push(() => {
      sessionManager.abort()
      served.close()
    })
    return { client, served }
  }

  it('makes one chain of a call, with the tenant', async () => {
    let seen: unknown
    const { client, served } = await start({
      get: async ({ value }) => {
        seen = tenant.get()
        trace.getTracer('stock').startSpan('SELECT').end()
        return { value: `${value}!` }
      },
    })
    const answer = await runWithIdentity({ 'tenant.id': 'acme' }, () => client.get({ value: 'a' }))
    expect([answer.value, seen]).toEqual(['a!', 'acme'])
    const found = await spans()
    assertSpan(found.client, {
      name: 'shop.v1.Stock/Get',
      status: 'unset',
      attributes: {
        'rpc.system.name': 'connectrpc',
        'rpc.response.status_code': 'ok',
        'server.address': '127.0.0.1',
        'server.port': served.port,
      },
    })
    assertSpan(found.server, {
      name: 'shop.v1.Stock/Get',
      parentSpanId: found.client?.spanContext().spanId ?? '',
      attributes: { 'client.address': '127.0.0.1', 'tenant.id': 'acme' },
    })
    const statement = recorder.spans().find(({ name }) => name === 'SELECT')
    expect(statement?.parentSpanContext?.spanId).toBe(found.server?.spanContext().spanId)
  })

  it('tells what failed, and who is to blame', async () => {
    const { client } = await start({
      get: () => {
        throw new RangeError('out of stock')
      },
    })
    const error = await client.get({}).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: Code.Internal })
    const { client: sent, server } = await spans()
    for (const span of [sent, server]) {
      assertSpan(span, { status: 'error', attributes: { 'error.type': 'internal' } })
    }
    expect(server?.events[0]?.attributes?.['exception.type']).toBe('RangeError')
  })

  it('leaves the mistake of a caller to the caller', async () => {
    const { client } = await start({
      get: () => {
        throw new ConnectError('no such item', Code.NotFound)
      },
    })
    await expect(client.get({})).rejects.toMatchObject({ code: Code.NotFound })
    const { client: sent, server } = await spans()
    assertSpan(sent, { status: 'error', attributes: { 'error.type': 'not_found' } })
    assertSpan(server, { status: 'unset', attributes: { 'rpc.response.status_code': 'not_found' } })
  })

  it('ends the spans of a stream after its last message, which is made in the context', async () => {
    const made: unknown[] = []
    const { client } = await start({
      async *watch() {
        for (const value of ['a', 'b']) {
          made.push(trace.getActiveSpan()?.spanContext().spanId)
          yield { value }
          expect(ended(SpanKind.SERVER)).toEqual([])
        }
      },
    })
    const got: string[] = []
    for await (const { value } of client.watch({})) got.push(value)
    expect(got).toEqual(['a', 'b'])
    const { client: sent, server } = await spans()
    assertSpan(sent, { status: 'unset', attributes: { 'rpc.response.status_code': 'ok' } })
    const id = server?.spanContext().spanId
    expect(made).toEqual([id, id])
  })

  it('ends the spans of a stream that fails in the middle, as an error', async () => {
    const { client } = await start({
      async *watch() {
        yield { value: 'a' }
        throw new RangeError('out of stock')
      },
    })
    const read = async (): Promise<void> => {
      for await (const _ of client.watch({})) expect(ended(SpanKind.CLIENT)).toEqual([])
    }
    await expect(read()).rejects.toMatchObject({ code: Code.Internal })
    const { client: sent, server } = await spans()
    for (const span of [sent, server]) assertSpan(span, { status: 'error' })
  })

  it('ends the spans of a stream that is left, without an error', async () => {
    const stopping = new AbortController()
    const { client } = await start({
      async *watch(_text, { signal }) {
        yield { value: 'a' }
        if (!signal.aborted) await once(signal, 'abort')
        signal.throwIfAborted()
      },
    })
    for await (const _ of client.watch({}, { signal: stopping.signal })) break
    stopping.abort()
    const { client: sent } = await spans()
    assertSpan(sent, { status: 'unset', attributes: { 'callchain.called_off': true } })
  })

  it('ends the spans of a call that is called off, without an error', async () => {
    const stopping = new AbortController()
    const { client } = await start({
      get: async (_text, { signal }) => {
        stopping.abort()
        if (!signal.aborted) await once(signal, 'abort')
        throw signal.reason
      },
    })
    const answer = client.get({}, { signal: stopping.signal })
    await expect(answer).rejects.toMatchObject({ code: Code.Canceled })
    const { client: sent, server } = await spans()
    assertSpan(sent, { status: 'unset', attributes: { 'callchain.called_off': true } })
    assertSpan(server, { status: 'unset', attributes: { 'rpc.response.status_code': 'canceled' } })
  })

  it('believes nothing of a caller on the edge', async () => {
    const { client } = await start({ get: () => ({ value: '' }) }, { trust: 'edge' })
    await runWithIdentity({ 'tenant.id': 'acme' }, () => client.get({}))
    const { client: sent, server } = await spans()
    expect(server?.parentSpanContext).toBeUndefined()
    expect(server?.links[0]?.context.traceId).toBe(sent?.spanContext().traceId)
    expect(server?.attributes).not.toHaveProperty('tenant.id')
  })
})
