import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { type Answer, type Collector, closedUrl, startCollector } from './collector.ts'
import { decodeRequest, encodePartialSuccess, resourceOf, spansOf } from './otlp-decoder.ts'
import { said, start } from './tracing-session.ts'

let collector: Collector | undefined

async function listen(answer?: Answer): Promise<Collector> {
  collector = await startCollector(answer)
  return collector
}

afterEach(async () => {
  jest.useRealTimers()
  await collector?.close()
  collector = undefined
})

function recordSpan(name: string): void {
  trace.getTracer('test').startSpan(name).end()
}

describe('OTLP', () => {
  it('is posted as protobuf to /v1/traces, with parents and the resource', async () => {
    const { url, received } = await listen()
    const tracing = start({ endpoint: url, serviceName: 'orders', serviceVersion: '1.2.3' })
    const tracer = trace.getTracer('test')
    tracer.startActiveSpan('GET /orders', (parent) => {
      tracer.startSpan('SELECT', { attributes: { 'tenant.id': 'acme' } }).end()
      parent.end()
    })
    await tracing.flush()

    const [sent] = received
    expect(sent).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/x-protobuf' },
    })
    const request = decodeRequest(sent?.body ?? Buffer.of(), 'application/x-protobuf')
    const [child, parent] = spansOf(request)
    expect(child).toMatchObject({
      name: 'SELECT',
      traceId: parent?.traceId,
      parentSpanId: parent?.spanId,
      attributes: [{ key: 'tenant.id', value: { stringValue: 'acme' } }],
    })
    expect(resourceOf(request)).toMatchObject({
      'service.name': 'orders',
      'service.version': '1.2.3',
      'telemetry.sdk.language': 'nodejs',
      'process.runtime.name': 'nodejs',
      'host.name': expect.any(String),
    })
  })

  it('is posted as JSON with hex ids, compressed and with headers, when the environment says so', async () => {
    const { url, received } = await listen()
    const tracing = start(
      {},
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/tenant/`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=all,x-team=a%20b',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'api-key=traces',
        OTEL_SERVICE_NAME: 'from-env',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=ignored,deployment.environment.name=test%2C1',
      },
    )
    recordSpan('one')
    await tracing.flush()

    const [sent] = received
    expect(sent).toMatchObject({
      path: '/tenant/v1/traces',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'api-key': 'traces',
        'x-team': 'a b',
      },
    })
    const request = decodeRequest(sent?.body ?? Buffer.of(), 'application/json')
    expect(spansOf(request)).toMatchObject([
      { name: 'one', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ])
    expect(resourceOf(request)).toMatchObject({
      'service.name': 'from-env',
      'deployment.environment.name': 'test,1',
    })
  })

  it('takes the traces endpoint as it is, and an option over every variable', async () => {
    const { url, received } = await listen()
    const variables = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/as/is`,
      OTEL_SERVICE_NAME: 'from-env',
    }
    await exportOne(start({ serviceName: 'from-code' }, variables))
    await exportOne(start({ endpoint: `${url}/from/code` }, variables))
    expect(received.map(({ path }) => path)).toEqual(['/as/is', '/from/code'])
    const [first] = received
    expect(
      resourceOf(decodeRequest(first?.body ?? Buffer.of(), first?.headers['content-type'])),
    ).toMatchObject({
      'service.name': 'from-code',
    })
  })

  it('tries again when the collector asks for it, and loses nothing', async () => {
    let attempts = 0
    const { url, received } = await listen((response) => {
      attempts++
      response.writeHead(attempts === 1 ? 503 : 200, { 'retry-after': '0' }).end()
    })
    const tracing = start({ endpoint: url, serviceName: 'a' })
    recordSpan('one')
    await tracing.flush()
    expect(received).toHaveLength(2)
    expect(said()).toEqual([])
  })

  it('counts what the collector refuses, whether all of it or a part', async () => {
    const { url } = await listen((response) => response.writeHead(401).end('who\nare you?'))
    const tracing = start({ endpoint: url, serviceName: 'a' })
    recordSpan('one')
    await tracing.flush()
    expect(said()).toEqual([
      `callchain: 1 span was lost: the collector at ${url}/v1/traces did not accept them (HTTP 401: who are you?)\n`,
    ])
  })

  it('counts the spans of a partial success as lost', async () => {
    const { url } = await listen((response) => response.end(encodePartialSuccess(2, 'too old')))
    const tracing = start({ endpoint: url, serviceName: 'a' })
    for (const name of ['one', 'two', 'three']) recordSpan(name)
    await tracing.flush()
    expect(said()).toEqual([
      'callchain: 2 spans were lost: the collector rejected them (too old)\n',
    ])
  })

  it('survives an answer that is no OTLP', async () => {
    const { url, received } = await listen((response) => response.end('<html>'))
    const tracing = start({ endpoint: url, serviceName: 'a' })
    recordSpan('one')
    await tracing.flush()
    expect(received).toHaveLength(1)
    expect(said()).toEqual([])
  })

  it('gives up within the timeout when the collector never answers', async () => {
    const { url } = await listen(() => {})
    const tracing = start({ endpoint: url, serviceName: 'a', timeoutMillis: 50 })
    recordSpan('one')
    await tracing.flush()
    expect(said()).toEqual([
      expect.stringMatching(/^callchain: 1 span was lost: .* does not respond \(ETIMEDOUT\)/),
    ])
  })

  it('says how many spans an absent collector costs, once, and what to do, without showing secrets', async () => {
    const { host } = new URL(await closedUrl())
    // The clock stands still, for on a busy machine it may take any time to be refused.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] })
    const tracing = start({
      endpoint: `http://user:secret@${host}/v1/traces?key=secret`,
      serviceName: 'a',
      // Less than the pause before a second attempt.
      timeoutMillis: 750,
    })
    recordSpan('one')
    recordSpan('two')
    await tracing.flush()
    recordSpan('three')
    await tracing.flush()
    expect(said()).toEqual([
      `callchain: 2 spans were lost: the collector at http://${host}/v1/traces does not respond (ECONNREFUSED). Start one, e.g. "npx callchain", or set OTEL_TRACES_EXPORTER=none.\n`,
    ])
  })
})

describe('Zipkin', () => {
  it('is posted as Zipkin v2 JSON to /api/v2/spans', async () => {
    const { url, received } = await listen()
    const tracing = start({ exporter: 'zipkin', endpoint: url, serviceName: 'orders' })
    const tracer = trace.getTracer('test', '1')
    tracer.startActiveSpan('GET /orders', { kind: SpanKind.SERVER }, (server) => {
      const attributes = {
        'server.address': 'users',
        'server.port': 80,
        list: ['a', 'b'],
        yes: true,
      }
      const client = tracer.startSpan('GET', { kind: SpanKind.CLIENT, attributes })
      client.addEvent('retry')
      client.addEvent('exception', { 'exception.type': 'Error' })
      client.setStatus({ code: SpanStatusCode.ERROR, message: 'no route' })
      client.end()
      tracer.startSpan('work').end()
      server.end()
    })
    await tracing.flush()

    const [sent] = received
    expect(sent).toMatchObject({
      path: '/api/v2/spans',
      headers: { 'content-type': 'application/json' },
    })
    const [client, work, server] = JSON.parse(String(sent?.body))
    expect(client).toEqual({
      traceId: server.traceId,
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      parentId: server.id,
      kind: 'CLIENT',
      name: 'GET',
      timestamp: expect.any(Number),
      duration: expect.any(Number),
      localEndpoint: { serviceName: 'orders' },
      remoteEndpoint: { serviceName: 'users', port: 80 },
      annotations: [
        { timestamp: expect.any(Number), value: 'retry' },
        { timestamp: expect.any(Number), value: '"exception":{"exception.type":"Error"}' },
      ],
      tags: expect.objectContaining({
        list: '["a","b"]',
        yes: 'true',
        'server.port': '80',
        'otel.status_code': 'ERROR',
        'otel.scope.name': 'test',
        error: 'no route',
      }),
    })
    expect(server.kind).toBe('SERVER')
    expect(server).not.toHaveProperty('parentId')
    expect(server).not.toHaveProperty('remoteEndpoint')
    expect(work).not.toHaveProperty('kind')
    for (const span of [client, work, server]) {
      expect(Number.isInteger(span.timestamp)).toBe(true)
      expect(Math.abs(span.timestamp / 1000 - Date.now())).toBeLessThan(60_000)
      expect(Number.isInteger(span.duration) && span.duration >= 1).toBe(true)
      expect(Object.values(span.tags).every((tag) => typeof tag === 'string')).toBe(true)
    }
  })

  it('goes where OTEL_EXPORTER_ZIPKIN_ENDPOINT says, in addition to OTLP', async () => {
    const { url, received } = await listen()
    const tracing = start(
      { serviceName: 'a' },
      {
        OTEL_TRACES_EXPORTER: 'otlp,zipkin',
        OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${url}/zipkin`,
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
      },
    )
    recordSpan('one')
    await tracing.flush()
    expect(received.map(({ path }) => path).sort()).toEqual(['/v1/traces', '/zipkin'])
  })
})

async function exportOne(tracing: ReturnType<typeof start>): Promise<void> {
  recordSpan('one')
  await tracing.shutdown()
}
