import { traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { RedactOptions, StartTracingOptions } from '../../src/index.ts'
import { type Collector, startCollector } from '../collector.ts'
import { said, start } from '../tracing-session.ts'
import { HARMLESS, plantInLines, plantInSpans } from './plant.ts'
import { SECRETS } from './secrets.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const redact: RedactOptions = {
  keys: { 'order.pin': 'drop', 'user.email': 'hash' },
  shapes: [
    ...(['jwt', 'bearer', 'private-key', 'token', 'url', 'assignment'] as const),
    ...(['card', 'iban', 'email'] as const),
  ],
  hashKey: 'of the canaries',
  custom: (text) => text.replace(/CANARY20\S*/g, '(case)'),
}

const same = (bytes: Buffer): Buffer => bytes
type Handler = (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => void

/** A gRPC server with these methods, by their paths; resolves to its port. */
async function serve(server: Server, handlers: Record<string, Handler>): Promise<number> {
  const codec = { requestSerialize: same, requestDeserialize: same }
  const kind = { requestStream: false, responseStream: false, ...codec }
  const definition = Object.fromEntries(
    Object.keys(handlers).map((path) => [
      path,
      { ...kind, path, responseSerialize: same, responseDeserialize: same },
    ]),
  )
  server.addService(definition, handlers as unknown as UntypedServiceImplementation)
  closing.push(() => server.forceShutdown())
  return new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  )
}

const SERVICE = '/opentelemetry.proto.collector'

/** All that left the process over OTLP/gRPC while `plant` ran: metadata, bodies, and stderr. */
async function sentOverGrpc(options: StartTracingOptions, plant: () => void): Promise<string> {
  const got: string[] = []
  const take: Handler = ({ metadata, request }, done) => {
    got.push(JSON.stringify(metadata.getMap()), request.toString('latin1'))
    done(null, Buffer.alloc(0))
  }
  const port = await serve(new Server(), {
    [`${SERVICE}.trace.v1.TraceService/Export`]: take,
    [`${SERVICE}.logs.v1.LogsService/Export`]: take,
  })
  const endpoint = `http://127.0.0.1:${port}`
  const tracing = start({ endpoint, protocol: 'grpc', serviceName: 'shop', ...options })
  plant()
  await tracing.shutdown()
  return [...got, ...said()].join('\n')
}

const resourceAttributes = Object.fromEntries(SECRETS.map(({ name, text }) => [name, text]))
const found = (sent: string): string[] =>
  SECRETS.filter(({ needle }) => sent.includes(needle)).map(({ name }) => name)
const all = SECRETS.map(({ name }) => name)

describe.each([
  ['spans', plantInSpans, {}],
  ['log lines', plantInLines, { exporter: 'none', logs: 'otlp' }],
] as const)('%s over OTLP/gRPC', (_name, plant, options) => {
  it('have none of the secrets, wherever they were put', async () => {
    const sent = await sentOverGrpc({ ...options, redact, resourceAttributes }, plant)
    expect(sent).toContain(HARMLESS)
    expect(found(sent)).toEqual([])
  })

  it('have all of them where nothing is redacted: the search finds what is there', async () => {
    const sent = await sentOverGrpc({ ...options, redact: false, resourceAttributes }, plant)
    expect(found(sent)).toEqual(all)
  })
})

describe('the spans of calls over gRPC', () => {
  /** Sends each secret in the metadata of a call, has it answered, and fails with it. */
  async function callWithSecrets(redacted: RedactOptions | false): Promise<string> {
    const collector: Collector = await startCollector()
    closing.push(() => collector.close())
    const traced = start({ endpoint: collector.url, serviceName: 'shop', redact: redacted })
    const names = SECRETS.map((_, index) => `note-${index}`).concat('authorization', 'harmless')
    const server = traceGrpcServer(
      new Server({
        interceptors: [tracing({ requestMetadata: names, responseMetadata: names })],
      }),
    )
    const fail: Handler = (call, done) => {
      const [, index] = /^(\d+)$/.exec(call.request.toString()) ?? []
      const { text } = SECRETS[Number(index)] ?? { text: '' }
      const metadata = new Metadata()
      metadata.set(`note-${index}`, onOneLine(text))
      done({ code: status.INTERNAL, details: onOneLine(text), metadata })
    }
    const port = await serve(server, { '/shop.v1.Stock/Get': fail })
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      interceptors: [traceGrpc({ responseMetadata: names })],
    })
    closing.push(() => client.close())
    for (const [index, { text, needle }] of SECRETS.entries()) {
      const metadata = new Metadata()
      metadata.set(`note-${index}`, onOneLine(text))
      metadata.set('authorization', `Bearer ${onOneLine(needle)}`)
      metadata.set('harmless', HARMLESS)
      await new Promise<ServiceError | null>((resolve) =>
        client.makeUnaryRequest(
          '/shop.v1.Stock/Get',
          same,
          same,
          Buffer.from(String(index)),
          metadata,
          resolve,
        ),
      )
    }
    await traced.shutdown()
    return [...collector.received.map(({ body }) => body.toString('latin1')), ...said()].join('\n')
  }

  it('have none of the secrets of metadata, answers and errors', async () => {
    const sent = await callWithSecrets(redact)
    expect(sent).toContain('shop.v1.Stock/Get')
    expect(sent).toContain(HARMLESS)
    expect(found(sent)).toEqual([])
  })

  it('have all of them where nothing is redacted', async () => {
    expect(found(await callWithSecrets(false))).toEqual(all)
  })
})

/** What a value of metadata can hold: text on one line. */
function onOneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ' ').trim()
}
