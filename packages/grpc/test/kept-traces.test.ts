import { createRpcClientTracer } from '@callchain/core'
import { setTraceKeeper, type TraceKeeper } from '@callchain/core/internal'
import { traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import { createRecorder } from '@callchain/testing'
import * as grpc from '@grpc/grpc-js'
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import { definition, type EchoClient, SERVICE, wider } from './contract-service.ts'

type Unary = grpc.ServerUnaryCall<string, string>
type Respond = grpc.sendUnaryData<string>

const RUMOUR = 'ab'.repeat(16)
const recorder = createRecorder()
const closing: (() => void)[] = []
/** What callers were told of, and what came by hearsay. */
const told: string[] = []
const heard: string[] = []
/** What becomes of each part: kept for certain, or not. */
let isKept = true
let rumours: string | undefined

const keeper: TraceKeeper = {
  keep: () => {},
  keepBy: () => {},
  whenKept: (_traceId, callback) => {
    if (isKept) callback()
  },
  tellKept: (traceId) => void told.push(traceId),
  rumours: () => rumours,
  hear: (text) => void heard.push(text),
}

beforeEach(() => {
  isKept = true
  rumours = undefined
  recorder.reset()
  setTraceKeeper(keeper)
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
  setTraceKeeper(undefined)
  told.length = 0
  heard.length = 0
})
afterAll(() => recorder.shutdown())

/** Serves and calls over loopback; resolves to the last metadata that the client got. */
async function call(
  handle: (call: Unary, respond: Respond) => void,
  server: Parameters<typeof tracing>[0] = {},
  client: Parameters<typeof traceGrpc>[0] = {},
): Promise<grpc.Metadata> {
  const served = traceGrpcServer(new grpc.Server({ interceptors: [tracing(server)] }))
  served.addService(definition, { unary: handle } as grpc.UntypedServiceImplementation)
  const insecure = grpc.ServerCredentials.createInsecure()
  const port = await new Promise<number>((resolve, reject) =>
    served.bindAsync('127.0.0.1:0', insecure, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  )
  const Made = grpc.makeGenericClientConstructor(wider, SERVICE)
  const caller = new Made(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    interceptors: [traceGrpc(client)],
  })
  closing.push(() => {
    caller.close()
    served.forceShutdown()
  })
  return new Promise((resolve) => {
    const made = (caller as unknown as EchoClient).unary('a', () => {})
    made.on('status', ({ metadata }: grpc.StatusObject) => resolve(metadata))
  })
}

const answer = (_call: Unary, respond: Respond): void => respond(null, 'a')

describe('the answer of a gRPC service', () => {
  it('tells a caller of ours that its trace is kept, which keeps it too', async () => {
    const metadata = await call(answer)
    await recorder.settled()
    const server = recorder.spans().find(({ kind }) => kind === SpanKind.SERVER)
    const { traceId, spanId } = server?.spanContext() ?? { traceId: '', spanId: '' }
    expect(metadata.get('server-timing')).toEqual([`trace;desc=00-${traceId}-${spanId}-01`])
    expect(told).toEqual([traceId])
  })

  it('tells it of a call that fails, and of traces that were kept lately', async () => {
    rumours = RUMOUR
    const metadata = await call((_call, respond) => respond({ code: grpc.status.INTERNAL }))
    expect(metadata.get('callchain-kept')).toEqual([RUMOUR])
    expect(told).toHaveLength(1)
    // On the way there, and on the way back.
    expect(heard).toEqual([RUMOUR, RUMOUR])
  })

  it('says nothing where nothing is kept', async () => {
    isKept = false
    expect((await call(answer)).getMap()).not.toHaveProperty('server-timing')
    expect(told).toEqual([])
  })

  it('leaves the trailers of the application as they are', async () => {
    const trailers = new grpc.Metadata()
    trailers.set('server-timing', 'app;dur=1')
    const metadata = await call((_call, respond) => respond(null, 'a', trailers))
    expect(metadataText(metadata)).toMatch(/^app;dur=1, trace;desc=00-/)
    expect(metadataText(trailers)).toBe('app;dur=1')
    expect(told).toHaveLength(1)
  })

  it('is read though the head of the answer says something of that name', async () => {
    await call((served, respond) => {
      const head = new grpc.Metadata()
      head.set('server-timing', 'app;dur=1')
      served.sendMetadata(head)
      respond(null, 'a')
    })
    expect(told).toHaveLength(1)
  })

  it('tells a stranger nothing', async () => {
    rumours = RUMOUR
    const metadata = await call(answer, { trust: 'edge' })
    expect(Object.keys(metadata.getMap())).not.toContain('server-timing')
    expect(Object.keys(metadata.getMap())).not.toContain('callchain-kept')
  })

  it.each([
    ['localhost', 1],
    ['api.partner.example', 0],
  ])('is heard of %s %i times', (host, times) => {
    const outgoing = createRpcClientTracer().send({
      system: 'grpc',
      method: 'a.B/C',
      hosts: [host],
      header: () => undefined,
      setHeader: () => {},
      removeHeader: () => {},
    })
    const { traceId, spanId } = outgoing.span.spanContext()
    const answered = `trace;desc=00-${traceId}-${spanId}-01`
    outgoing.receive({
      status: 'OK',
      header: (name) => (name === 'server-timing' ? answered : undefined),
    })
    expect(told).toHaveLength(times)
  })

  it('does not break a call when the keeper throws', async () => {
    setTraceKeeper({
      ...keeper,
      whenKept: () => {
        throw new Error('broken')
      },
    })
    expect((await call(answer)).getMap()).not.toHaveProperty('server-timing')
  })
})

function metadataText(metadata: grpc.Metadata): string {
  return metadata.get('server-timing').join(', ')
}
