import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emitLogLine } from '@callchain/core/internal'
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { selfSigned } from '../../testing/src/client/self-signed.ts'
import { readRetryInfo } from '../src/export/grpc-status.ts'
import { decodeRequest, encodePartialSuccess, spansOf } from './otlp-decoder.ts'
import { said, start } from './tracing-session.ts'

interface Got {
  readonly path: string
  readonly metadata: Metadata
  readonly body: Buffer
}

type Answer = (done: sendUnaryData<Buffer>, count: number) => void

const SERVICES = ['trace.v1.TraceService', 'logs.v1.LogsService', 'metrics.v1.MetricsService']
const same = (bytes: Buffer): Buffer => bytes

let server: Server | undefined
let folder: string | undefined

afterEach(() => {
  server?.forceShutdown()
  server = undefined
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
})

const take: Answer = (done) => done(null, Buffer.alloc(0))

/** A real gRPC server with the services of a collector. */
async function listen(
  answer: Answer = take,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<{ host: string; got: Got[] }> {
  const got: Got[] = []
  server = new Server()
  for (const name of SERVICES) {
    const path = `/opentelemetry.proto.collector.${name}/Export`
    const codec = { requestSerialize: same, requestDeserialize: same }
    const method = { path, requestStream: false, responseStream: false, ...codec }
    const whole = { ...method, responseSerialize: same, responseDeserialize: same }
    const serve = (
      { metadata, request }: ServerUnaryCall<Buffer, Buffer>,
      done: sendUnaryData<Buffer>,
    ): void => {
      got.push({ path, metadata, body: Buffer.from(request) })
      answer(done, got.length)
    }
    server.addService({ Export: whole }, { Export: serve as never })
  }
  const port = await new Promise<number>((resolve, reject) =>
    server?.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return { host: `127.0.0.1:${port}`, got }
}

function failing(code: number, details = 'broken', metadata = new Metadata()): Answer {
  return (done) => done({ code, details, metadata, name: '', message: details })
}

/** `google.rpc.Status` with a RetryInfo of whole seconds. */
function retryInfo(seconds: number): Buffer {
  const part = (tag: number, bytes: Uint8Array) => Buffer.from([tag, bytes.length, ...bytes])
  const type = Buffer.from('type.googleapis.com/google.rpc.RetryInfo')
  const info = part(0x0a, Uint8Array.of(0x08, seconds))
  return part(0x1a, Buffer.concat([part(0x0a, type), part(0x12, info)]))
}

function record(name: string): void {
  trace.getTracer('test').startSpan(name).end()
}

describe('OTLP over gRPC', () => {
  it.each(['none', 'gzip'] as const)(
    'takes spans and log lines, compression %s',
    async (compression) => {
      const { host, got } = await listen()
      const headers = { 'api-key': 'k' }
      const sent = { logs: 'otlp', metrics: 'otlp' } as const
      const options = { protocol: 'grpc', ...sent, compression, headers } as const
      const tracing = start({ ...options, endpoint: `http://${host}` })
      record('GET /orders')
      emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'a line' } })
      await tracing.flush()
      const [spans] = got.filter(({ path }) => path.includes('TraceService'))
      const request = decodeRequest(spans?.body ?? Buffer.of(), 'application/x-protobuf')
      expect(spansOf(request).map(({ name }) => name)).toEqual(['GET /orders'])
      expect(spans?.metadata.get('api-key')).toEqual(['k'])
      expect(String(spans?.metadata.get('user-agent'))).toMatch(/^Callchain-Exporter-JavaScript\//)
      const lines = got.filter(({ path, body }) => path.includes('Logs') && body.includes('a line'))
      expect(lines).toHaveLength(1)
      const counts = got.filter(({ path }) => path.includes('MetricsService'))
      expect(counts.map(({ body }) => body.includes('otlp_grpc_span_exporter'))).toEqual([true])
      expect(said()).toEqual([])
    },
  )

  it('is asked for by variables, with certificates on both sides', async () => {
    const { key, cert } = selfSigned()
    folder = mkdtempSync(join(tmpdir(), 'callchain-grpc-'))
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder ?? '', name), text)
      return join(folder ?? '', name)
    }
    const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }
    const mutual = ServerCredentials.createSsl(Buffer.from(cert), [pair], true)
    const { host, got } = await listen(take, mutual)
    const variables = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `localhost:${host.split(':')[1]}`,
      OTEL_EXPORTER_OTLP_CERTIFICATE: file('ca', cert),
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file('cert', cert),
      OTEL_EXPORTER_OTLP_CLIENT_KEY: file('key', key),
    }
    const tracing = start({}, variables)
    record('secure')
    await tracing.flush()
    expect([got.length, said()]).toEqual([1, []])
  })

  it('tries again after a status that OTLP names, and not after any other', async () => {
    const unavailable = failing(status.UNAVAILABLE)
    const { host, got } = await listen((done, count) =>
      (count > 1 ? take : unavailable)(done, count),
    )
    const tracing = start({ protocol: 'grpc', endpoint: `http://${host}` })
    record('again')
    await tracing.flush()
    expect([got.length, said()]).toEqual([2, []])
  })

  it('says what the collector refuses', async () => {
    const { host, got } = await listen(failing(status.INVALID_ARGUMENT, 'no such thing'))
    const tracing = start({ protocol: 'grpc', endpoint: `http://${host}` })
    record('refused')
    await tracing.flush()
    expect(got).toHaveLength(1)
    expect(said().join('')).toMatch(/1 span was lost: .* over gRPC \(status 3: no such thing\)/)
  })

  it('waits as long as RetryInfo asks, with the spans in the queue', async () => {
    const details = new Metadata()
    details.set('grpc-status-details-bin', retryInfo(1))
    const busy = failing(status.RESOURCE_EXHAUSTED, 'busy', details)
    const { host, got } = await listen((done, count) => (count > 1 ? take : busy)(done, count))
    const tracing = start({ protocol: 'grpc', endpoint: `http://${host}` })
    record('later')
    const began = performance.now()
    await tracing.flush()
    expect(performance.now() - began).toBeGreaterThan(900)
    expect([got.length, said()]).toEqual([2, []])
  })

  it('counts what a partial success leaves out', async () => {
    const { host } = await listen((done) => done(null, Buffer.from(encodePartialSuccess(1, 'old'))))
    const tracing = start({ protocol: 'grpc', endpoint: `http://${host}` })
    record('part')
    await tracing.flush()
    expect(said().join('')).toMatch(/1 span was lost: the collector rejected them \(old\)/)
  })
})

describe('the pause of a RetryInfo', () => {
  it.each([
    [retryInfo(2), 2000],
    [Buffer.from('nonsense'), undefined],
    [undefined, undefined],
  ])('is read, if there is one', (details, expected) => {
    expect(readRetryInfo(details)).toBe(expected)
  })
})
