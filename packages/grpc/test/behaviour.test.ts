import { once } from 'node:events'
import { inRequest, tenant } from '@callchain/core'
import { GRPC_CALL_KEY } from '@callchain/core/internal'
import { traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import { assertSpan, createRecorder } from '@callchain/testing'
import {
  InterceptingCall,
  type Interceptor,
  Metadata,
  Server,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerUnaryCall,
  type ServerWritableStream,
  type StatusObject,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { HandledCall } from '../src/served-call.ts'
import { type Around, type Echo, serveEcho, unary } from './echo.ts'

type Unary = ServerUnaryCall<string, string>
type Respond = sendUnaryData<string>

const recorder = createRecorder()
let served: Echo | undefined
const serve = async (handlers: object, around?: Around): Promise<Echo> => {
  served = await serveEcho(handlers, around)
  return served
}
const echo = (call: Unary, respond: Respond): void => respond(null, call.request)
const spanOf = async (kind: SpanKind, at = 0): Promise<ReadableSpan | undefined> => {
  await recorder.settled()
  return recorder.spans().filter((span) => span.kind === kind)[at]
}

beforeAll(() => recorder.reset())
afterEach(() => {
  served?.close()
  recorder.reset()
})
afterAll(() => recorder.shutdown())

describe('a server', () => {
  it('records what a handler throws at once', async () => {
    const { client } = await serve({
      unary: () => {
        throw new RangeError('at once')
      },
    })
    expect(await unary(client, 'a')).toMatchObject({ code: status.UNKNOWN })
    const span = await spanOf(SpanKind.SERVER)
    assertSpan(span, { status: 'error', events: ['exception'] })
    expect(span?.events[0]?.attributes?.['exception.type']).toBe('RangeError')
  })

  it('leaves the rejection of an async handler to the application, and notes it', async () => {
    let registered: unknown
    const register = (_name: string, handler: unknown): boolean => {
      registered = handler
      return true
    }
    const server = traceGrpcServer({ register } as Pick<Server, 'register'>)
    const reason = new RangeError('rejected')
    const handler = (): Promise<never> => Promise.reject(reason)
    server.register('a', handler as never, JSON.stringify as never, String, 'unary')
    const handled: HandledCall = { error: undefined, isUnwritable: false }
    const within = ROOT_CONTEXT.setValue(GRPC_CALL_KEY, handled)
    const result = context.with(within, registered as () => Promise<never>)
    await expect(result).rejects.toBe(reason)
    expect(handled.error).toBe(reason)
  })

  it('tells that an answer could not be written', async () => {
    const { client } = await serve({
      unary: (_call: Unary, respond: Respond) => respond(null, 7 as never),
    })
    expect(await unary(client, 'a')).toMatchObject({ code: status.INTERNAL })
    const span = await spanOf(SpanKind.SERVER)
    assertSpan(span, { status: 'error', attributes: { 'error.type': 'INTERNAL' } })
    expect(span?.events[0]?.attributes?.['exception.type']).toBe('TypeError')
  })

  it('records the text of a status that is not an error', async () => {
    const { client } = await serve({
      unary: (_call: Unary, respond: Respond) =>
        respond({ code: status.INTERNAL, details: 'no stock' }),
    })
    await unary(client, 'a')
    const span = await spanOf(SpanKind.SERVER)
    expect(span?.events[0]?.attributes?.['exception.message']).toBe('no stock')
  })

  it('runs interceptors of the application after it in the span, and sees what they answer', async () => {
    const seen: unknown[] = []
    const refusing: ServerInterceptor = (_method, call) =>
      new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata: (metadata, pass) => {
              seen.push(trace.getActiveSpan()?.spanContext().spanId)
              tenant.set('acme')
              if (metadata.get('token').length > 0) pass(metadata)
              else call.sendStatus({ code: status.UNAUTHENTICATED, details: 'who are you?' })
            },
          }),
      })
    const { client } = await serve({ unary: echo }, { after: [refusing] })
    const metadata = new Metadata()
    metadata.set('token', 'known')
    expect(await unary(client, 'a', metadata)).toBe('a')
    expect(await unary(client, 'a')).toMatchObject({ code: status.UNAUTHENTICATED })
    const spans = [await spanOf(SpanKind.SERVER), await spanOf(SpanKind.SERVER, 1)]
    expect(spans.map((span) => span?.spanContext().spanId)).toEqual(seen)
    assertSpan(spans[0], { attributes: { 'tenant.id': 'acme' } })
  })

  it('works with interceptors of the application before it', async () => {
    const counting: ServerInterceptor = (_method, call) =>
      new ServerInterceptingCall(call, {
        sendMessage: (message, next) => next(`${message}!`),
      })
    const { client } = await serve({ unary: echo }, { before: [counting] })
    expect(await unary(client, 'a')).toBe('a!')
    assertSpan(await spanOf(SpanKind.SERVER), { attributes: { 'rpc.response.status_code': 'OK' } })
  })

  it('runs listeners of a call in its context, though they are called in another', async () => {
    const seen: unknown[] = []
    const { client } = await serve({
      serverStream: (call: ServerWritableStream<string, string>) => {
        const own = trace.getActiveSpan()
        call.on('own', () => seen.push(trace.getActiveSpan() === own))
        context.with(ROOT_CONTEXT, () => call.emit('own'))
        seen.push(
          context.with(ROOT_CONTEXT, () => inRequest(call, () => trace.getActiveSpan() === own)),
        )
        call.end()
      },
    })
    await once(client.serverStream('a').resume(), 'end')
    await spanOf(SpanKind.SERVER)
    expect(seen).toEqual([true, true])
  })

  it('traces handlers once, and a server without the interceptor not at all', () => {
    const server = new Server()
    expect(traceGrpcServer(server)).toBe(server)
    const { register } = server
    traceGrpcServer(server)
    expect(server.register).toBe(register)
    expect(tracing()).not.toBe(tracing())
  })
})

describe('a client', () => {
  it('leaves the metadata of the application as it is, binary values too', async () => {
    let arrived: Metadata | undefined
    const { client } = await serve({
      unary: (call: Unary, respond: Respond) => {
        arrived = call.metadata
        respond(null, '')
      },
    })
    const metadata = new Metadata()
    metadata.set('own-bin', Buffer.from([0, 255]))
    metadata.add('own', 'a')
    metadata.add('own', 'b')
    await unary(client, 'a', metadata)
    expect(Object.keys(metadata.getMap())).toEqual(['own-bin', 'own'])
    expect(arrived?.get('own-bin')).toEqual([Buffer.from([0, 255])])
    expect(arrived?.get('own')).toEqual(['a, b'])
  })

  it('tells of a call that ends well without an answer what its caller is told', async () => {
    const empty: ServerInterceptor = (_method, call) =>
      new ServerInterceptingCall(call, {
        sendMessage: () => call.sendStatus({ code: status.OK, details: 'OK' }),
      })
    const { client } = await serve({ unary: echo }, { before: [empty] })
    expect(await unary(client, 'a')).toMatchObject({ code: status.UNIMPLEMENTED })
    assertSpan(await spanOf(SpanKind.CLIENT), { attributes: { 'error.type': 'UNIMPLEMENTED' } })
  })

  it('has no span where interceptors of the call take its place, unless it is named there', async () => {
    const { client } = await serve({ unary: echo })
    const mine: Interceptor = (options, next) => new InterceptingCall(next(options))
    await unary(client, 'a', { interceptors: [mine] })
    expect(await spanOf(SpanKind.CLIENT)).toBeUndefined()
    await unary(client, 'a', { interceptors: [traceGrpc(), mine] })
    expect(await spanOf(SpanKind.CLIENT)).toBeDefined()
  })

  it('makes a span of each attempt of an interceptor before it that retries', async () => {
    let calls = 0
    const { connect } = await serve({
      unary: (call: Unary, respond: Respond) => {
        calls += 1
        if (calls === 1) respond({ code: status.UNAVAILABLE, details: 'not yet' })
        else respond(null, call.request)
      },
    })
    const client = connect({ interceptors: [retryingOnce, traceGrpc()] })
    expect(await unary(client, 'a')).toBe('a')
    await recorder.settled()
    const codes = recorder
      .spans()
      .filter(({ kind }) => kind === SpanKind.CLIENT)
      .map(({ attributes }) => attributes['rpc.response.status_code'])
    expect(codes).toEqual(['UNAVAILABLE', 'OK'])
  })
})

const retryingOnce: Interceptor = (options, nextCall) => {
  let sent: unknown
  let answer: unknown
  return new InterceptingCall(nextCall(options), {
    start: (metadata, listener, next) =>
      next(metadata, {
        onReceiveMetadata: (received, pass) => pass(received),
        onReceiveMessage: (message: unknown) => {
          answer = message
        },
        onReceiveStatus: (first: StatusObject) => {
          const deliver = (result: unknown, last: StatusObject): void => {
            listener.onReceiveMessage(result)
            listener.onReceiveStatus(last)
          }
          if (first.code !== status.UNAVAILABLE) return deliver(answer, first)
          const again = nextCall(options)
          let result: unknown
          again.start(metadata, {
            onReceiveMetadata: () => {},
            onReceiveMessage: (message: unknown) => {
              result = message
            },
            onReceiveStatus: (last: StatusObject) => deliver(result, last),
          })
          again.sendMessage(sent)
          again.halfClose()
        },
      }),
    sendMessage: (message, next) => {
      sent = message
      next(message)
    },
  })
}
