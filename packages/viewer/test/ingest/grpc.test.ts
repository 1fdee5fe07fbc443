import { once } from 'node:events'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { startLimited, startViewer } from '../../src/public/start-viewer.ts'
import type { Viewer, ViewerOptions } from '../../src/public/viewer-options.ts'
import { encode } from '../otlp/protocol.ts'
import { ask } from '../request.ts'
import { otlpJson, traceId } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Receiving {
  readonly viewer: Viewer
  readonly target: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  receiver(): Promise<any>
}

async function receive(
  options: ViewerOptions = {},
  limits: Parameters<typeof startLimited>[1] = {},
): Promise<Receiving> {
  const viewer = await startLimited({ port: 0, grpcPort: 0, ...options }, limits)
  closing.push(() => viewer.close())
  const headers = { authorization: `Bearer ${options.token ?? ''}` }
  return {
    viewer,
    target: `http://127.0.0.1:${viewer.grpcPort}`,
    receiver: async () => (await ask(`${viewer.url}/api/local/receiver`, { headers })).json,
  }
}

interface Called {
  readonly status: string
  readonly message: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

interface Calling {
  readonly path?: string
  readonly headers?: Record<string, string>
  /** The body, when it is not one message. */
  readonly raw?: Buffer
}

/** Makes one call by hand. */
async function call(target: string, message: Buffer, calling: Calling = {}): Promise<Called> {
  const session = open(target)
  const stream = session.request({
    ':method': 'POST',
    ':path': calling.path ?? TRACES,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...calling.headers,
  })
  let trailers: IncomingHttpHeaders = {}
  stream
    .on('error', () => {})
    .on('trailers', (got) => {
      trailers = got
    })
  stream.end(calling.raw ?? framed(message))
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  const all = { ...headers, ...trailers }
  return {
    status: String(all['grpc-status']),
    message: decodeURIComponent(String(all['grpc-message'] ?? '')),
    headers: all,
    body: Buffer.concat(parts),
  }
}

function open(target: string): ClientHttp2Session {
  const session = connect(target).on('error', () => {})
  closing.push(() => session.destroy())
  return session
}

function framed(message: Buffer, flag = 0): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt8(flag)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

const traces = (): Buffer => encodeTraces(otlpJson([{ id: 1, name: 'GET /orders' }]))

describe("JavaScript's exporters over gRPC", () => {
  it.each(['none', 'gzip'] as const)('send spans, compression %s', async (compression) => {
    const { target, viewer, receiver } = await receive()
    const exporter = new OTLPTraceExporter({ url: target, compression: compression as never })
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
    provider.getTracer('test').startSpan('GET /orders').end()
    await provider.forceFlush()
    await provider.shutdown()
    const { json } = await ask(`${viewer.url}/api/local/traces`)
    expect(json.traces).toHaveLength(1)
    expect(json.traces[0].root.name).toBe('GET /orders')
    const { exports, grpcEndpoint } = await receiver()
    expect(grpcEndpoint).toBe(target)
    expect(exports[0]).toMatchObject({
      ...{ path: '/v1/traces', format: 'grpc', status: 200, spans: 1, from: '127.0.0.1' },
      encoding: compression === 'gzip' ? 'gzip' : 'identity',
      userAgent: expect.stringMatching(/grpc-node-js/),
    })
  })

  it('send log lines, and metrics, which are counted', async () => {
    const { target, viewer } = await receive()
    const logs = new LoggerProvider({
      processors: [
        new SimpleLogRecordProcessor({ exporter: new OTLPLogExporter({ url: target }) }),
      ],
    })
    logs.getLogger('test').emit({ body: 'a line' })
    await logs.forceFlush()
    await logs.shutdown()
    const exporter = new OTLPMetricExporter({ url: target })
    const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] })
    meters.getMeter('test').createCounter('orders').add(1)
    await meters.shutdown()
    const lines = (await ask(`${viewer.url}/api/local/logs`)).json.logs
    expect(lines.map(({ body }: { body: string }) => body)).toEqual(['a line'])
    const stats = (await ask(`${viewer.url}/api/local/stats`)).json
    expect(stats.received).toMatchObject({ logs: 1, refused: 0 })
    expect(stats.received.metrics).toBeGreaterThan(0)
  })

  it('are refused without the token, and taken with it', async () => {
    const token = 'a-secret-of-mine'
    const { target, viewer, receiver } = await receive({ token })
    expect(await call(target, traces())).toMatchObject({
      status: '16',
      message: expect.stringContaining('needs a token'),
    })
    const wrong = { authorization: 'Bearer another' }
    expect((await call(target, traces(), { headers: wrong })).status).toBe('16')
    const right = { authorization: `Bearer ${token}` }
    expect((await call(target, traces(), { headers: right })).status).toBe('0')
    expect((await receiver()).hints).toContainEqual(expect.objectContaining({ code: 'token' }))
    expect((await ask(`${viewer.url}/api/local/stats`, { headers: right })).json.spans).toBe(1)
  })
})

describe('a call of OTLP over gRPC', () => {
  it('is answered with an empty message and trailers', async () => {
    const { target } = await receive()
    const { headers, body, status } = await call(target, traces())
    expect([status, body]).toEqual(['0', Buffer.alloc(5)])
    expect(headers).toMatchObject({
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-accept-encoding': 'identity,gzip,deflate',
    })
  })

  it('is told of spans that were refused', async () => {
    const { target } = await receive()
    const text = JSON.stringify(otlpJson([{ id: 1 }, { trace: 2, id: 2 }]))
    const spoiled = JSON.parse(text.replace(traceId(2), ''))
    const { status, body } = await call(target, encodeTraces(spoiled))
    expect(status).toBe('0')
    expect(body.toString('latin1')).toContain('1 refused:')
  })

  it.each<[string, string, RegExp, () => [Buffer, Calling]]>([
    ['of another service', '12', /is not a method of OTLP/, () => [traces(), { path: '/a.B/C' }]],
    ['compressed as zstd', '12', /grpc-encoding zstd/, () => [traces(), encoded('zstd')]],
    ['that is not protobuf', '3', /not a valid protobuf/, () => [Buffer.alloc(9, 0xff), {}]],
    ['without a message', '3', /no message/, () => [traces(), { raw: Buffer.alloc(0) }]],
    [
      'that is cut off',
      '3',
      /cut off/,
      () => [traces(), { raw: framed(traces()).subarray(0, 20) }],
    ],
    ['of two messages', '3', /more than one/, () => [traces(), { raw: twice(framed(traces())) }]],
    ['of an unknown flag', '3', /unknown flag/, () => [traces(), { raw: framed(traces(), 7) }]],
    ['that hides how it is packed', '3', /does not say/, () => [traces(), { raw: packed() }]],
    [
      'that is not gzip, though it says so',
      '3',
      /not valid gzip/,
      () => [traces(), { raw: framed(traces(), 1), ...encoded('gzip') }],
    ],
    ['for another host', '7', /not an address/, () => [traces(), host('evil.example')]],
  ])('%s is refused with status %s', async (_what, wanted, sentence, made) => {
    const { target } = await receive()
    const [message, calling] = made()
    const { status, message: said } = await call(target, message, calling)
    expect([status, said]).toEqual([wanted, expect.stringMatching(sentence)])
    // The connection, and the viewer, go on.
    expect((await call(target, traces())).status).toBe('0')
  })

  it.each([
    ['sent', (): [Buffer, Calling] => [Buffer.alloc(5000), {}]],
    [
      'unpacked',
      (): [Buffer, Calling] => [
        Buffer.alloc(0),
        { raw: framed(gzipSync(Buffer.alloc(5000)), 1), ...encoded('gzip') },
      ],
    ],
  ])('that is too large once it is %s is refused, and counted', async (_what, made) => {
    const { target, viewer } = await receive({ maxBody: 1000 })
    expect(await call(target, ...made())).toMatchObject({
      status: '8',
      message: expect.stringContaining('larger than'),
    })
    const { received } = (await ask(`${viewer.url}/api/local/stats`)).json
    expect(received).toMatchObject({ requests: 1, refused: 1, spans: 0 })
  })

  it('is told to come again, and when, while the viewer is busy', async () => {
    const { target } = await receive({ maxBody: 100_000 }, { maxWaiting: 10 })
    const { status, headers } = await call(target, traces())
    expect(status).toBe('14')
    const details = Buffer.from(String(headers['grpc-status-details-bin']), 'base64')
    expect(details.toString('latin1')).toContain('google.rpc.RetryInfo')
  })

  it('is ended when its sender falls silent', async () => {
    const { target } = await receive({}, { maxSilence: 50 })
    const stream = open(target).request({
      ...{ ':method': 'POST', ':path': TRACES, 'content-type': 'application/grpc' },
    })
    stream.on('error', () => {})
    stream.write(framed(traces()).subarray(0, 8))
    const [headers] = await once(stream, 'response')
    expect(headers['grpc-status']).toBe('4')
  })

  it('leaves nothing behind when its sender goes away', async () => {
    const { target, viewer } = await receive()
    const session = open(target)
    const stream = session.request({
      ...{ ':method': 'POST', ':path': TRACES, 'content-type': 'application/grpc' },
    })
    stream.on('error', () => {})
    stream.write(framed(traces()).subarray(0, 8))
    await once(session, 'remoteSettings')
    session.destroy()
    expect((await call(target, traces())).status).toBe('0')
    expect((await ask(`${viewer.url}/api/local/stats`)).json.spans).toBe(1)
  })

  it('is one of twenty on one connection, each of a megabyte', async () => {
    const { target, viewer } = await receive()
    const session = open(target)
    const text = 'x'.repeat(1024 * 1024)
    const calls = Array.from({ length: 20 }, async (_, id) => {
      const attributes = { note: text }
      const message = encodeTraces(otlpJson([{ trace: id + 1, id: 1, attributes }]))
      const stream = session.request({
        ...{ ':method': 'POST', ':path': TRACES, 'content-type': 'application/grpc' },
      })
      const trailers = once(stream, 'trailers')
      stream.resume().end(framed(message))
      return (await trailers)[0]['grpc-status']
    })
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['0']))
    expect((await ask(`${viewer.url}/api/local/stats`)).json.received.spans).toBe(20)
  })

  it('that is no gRPC gets an HTTP status', async () => {
    const { target } = await receive()
    const { headers } = await call(target, traces(), {
      headers: { 'content-type': 'application/json' },
    })
    expect(headers[':status']).toBe(415)
  })
})

describe('the port for gRPC', () => {
  it('tells a sender of OTLP over HTTP where to go', async () => {
    const { target, viewer, receiver } = await receive()
    const { status, text } = await ask(`${target}/v1/traces`, { method: 'POST', body: '{}' })
    expect([status, text]).toEqual([415, expect.stringContaining(viewer.url)])
    expect((await receiver()).hints).toContainEqual(expect.objectContaining({ code: 'grpc-http' }))
  })

  it('is named by the port for HTTP', async () => {
    const { target, viewer } = await receive()
    const { message } = await call(viewer.url, traces())
    expect(message).toContain(`or send it to ${target}`)
  })

  it('is told of a sender that speaks TLS', async () => {
    const { target, receiver } = await receive()
    const session = connect(target.replace('http', 'https')).on('error', () => {})
    await new Promise((resolve) => session.once('close', resolve))
    expect((await receiver()).hints).toContainEqual(
      expect.objectContaining({ code: 'grpc-tls', message: expect.stringContaining(target) }),
    )
  })

  it('is off where it was not asked for, next to another port', async () => {
    const viewer = await startViewer({ port: 0 })
    closing.push(() => viewer.close())
    expect(viewer.grpcPort).toBeUndefined()
    expect((await ask(`${viewer.url}/api/local/receiver`)).json).not.toHaveProperty('grpcEndpoint')
  })

  it('that was asked for and is taken has the viewer not start, with a sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    closing.push(() => taken.close())
    const { port: grpcPort } = taken.address() as { port: number }
    await expect(startViewer({ port: 0, grpcPort })).rejects.toThrow(
      `Port ${grpcPort} on 127.0.0.1 is in use by another program, so that OTLP over gRPC cannot be received there: choose another port with --grpc-port (grpcPort), or switch it off with "off" (false).`,
    )
  })

  it('is let go with the viewer, open connections too', async () => {
    const { viewer, target } = await receive()
    const session = open(target)
    await once(session, 'remoteSettings')
    const closed = once(session, 'close')
    await viewer.close()
    await closed
    const again = await startViewer({ port: 0, grpcPort: viewer.grpcPort ?? 0 })
    closing.push(() => again.close())
    expect(again.grpcPort).toBe(viewer.grpcPort)
  })
})

function encodeTraces(request: object): Buffer {
  const withBytes = (key: string, value: unknown): unknown =>
    /Id$/.test(key) ? Buffer.from(String(value), 'hex') : value
  return encode('ExportTraceServiceRequest', JSON.parse(JSON.stringify(request), withBytes))
}

function encoded(encoding: string): Calling {
  return { headers: { 'grpc-encoding': encoding } }
}

function host(authority: string): Calling {
  return { headers: { ':authority': authority } }
}

function twice(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, bytes])
}

function packed(): Buffer {
  return framed(gzipSync(traces()), 1)
}
