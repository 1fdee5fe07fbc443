import { emitLogLine } from '@callchain/core/internal'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AlwaysOnSampler } from '@opentelemetry/sdk-trace'
import { type RealCollector, startRealCollector } from '../../../../test/backends/collector.ts'
import type { FlatSpan } from '../../../../test/backends/otlp-json.ts'
import { until } from '../../../../test/backends/until.ts'
import { searchLogs, victoriaLogsEndpoint } from '../../../../test/backends/victoria-logs.ts'
import { type ZipkinSpan, zipkinEndpoint, zipkinTrace } from '../../../../test/backends/zipkin.ts'
import { said, start } from '../tracing-session.ts'

let collector: RealCollector

beforeAll(async () => {
  collector = await startRealCollector({
    exporters: { zipkin: { endpoint: zipkinEndpoint, format: 'json' } },
    traces: ['zipkin'],
  })
})
afterAll(() => collector?.close())
afterEach(() => expect(said()).toEqual([]))

const ATTRIBUTES = {
  text: 'ünïcode ✓',
  whole: 42,
  negative: -7,
  large: Number.MAX_SAFE_INTEGER,
  broken: 0.25,
  yes: true,
  no: false,
  texts: ['a', 'b'],
  numbers: [1, 2, 3],
  flags: [true, false],
  empty: '',
}
const START = 1_795_700_000_123
const LINK = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }

/** Makes a chain of two spans that carry everything a span can; returns its trace id. */
function makeChain(): string {
  const tracer = trace.getTracer('every-field', '1.2.3')
  const links = [{ context: LINK, attributes: { why: 'tested' } }]
  const kind = SpanKind.SERVER
  const server = tracer.startSpan('GET /orders', { kind, links, startTime: START })
  const within = trace.setSpan(context.active(), server)
  const client = { kind: SpanKind.CLIENT, startTime: START + 10, attributes: ATTRIBUTES }
  const call = tracer.startSpan('GET', client, within)
  call.setAttribute('server.address', 'stock.example')
  call.addEvent('retry', { attempt: 2 }, START + 15)
  call.setStatus({ code: SpanStatusCode.ERROR, message: 'no answer' })
  call.end(START + 20)
  server.end(START + 30.5)
  return server.spanContext().traceId
}

async function written(traceId: string): Promise<FlatSpan[]> {
  const spans = await until(() => {
    const found = collector.spans().filter((span) => span.traceId === traceId)
    return found.length === 2 ? found : undefined
  })
  return spans.toSorted((one, other) => one.kind - other.kind)
}

const nanos = (millis: number): string => String(BigInt(Math.round(millis * 1000)) * 1000n)

function expectChain([server, call]: FlatSpan[], traceId: string): void {
  const common = { traceId, traceState: '', scope: 'every-field@1.2.3' }
  expect(server).toMatchObject({
    ...common,
    parentId: '',
    name: 'GET /orders',
    kind: 2,
    start: nanos(START),
    end: nanos(START + 30.5),
    attributes: {},
    events: [],
    links: [{ traceId: LINK.traceId, id: LINK.spanId, attributes: { why: 'tested' } }],
    status: { code: 0, message: '' },
  })
  expect(call).toMatchObject({
    ...common,
    parentId: server?.id,
    name: 'GET',
    kind: 3,
    start: nanos(START + 10),
    end: nanos(START + 20),
    events: [{ name: 'retry', time: nanos(START + 15), attributes: { attempt: 2 } }],
    links: [],
    status: { code: 2, message: 'no answer' },
  })
  expect(call?.attributes).toEqual({ ...ATTRIBUTES, 'server.address': 'stock.example' })
  expect(server?.resource).toMatchObject({
    'service.name': 'orders',
    'service.version': '7',
    'telemetry.sdk.language': 'nodejs',
  })
}

const protocols = ['http/protobuf', 'http/json', 'grpc'] as const
const compressions = ['none', 'gzip'] as const
const wires = protocols.flatMap((protocol) => compressions.map((each) => [protocol, each] as const))
const service = { serviceName: 'orders', serviceVersion: '7' }

describe.each([
  ['the recorder', {}],
  ['the SDK of OpenTelemetry', { sampler: new AlwaysOnSampler() }],
])('a Collector gets every field of a span from %s', (_, recording) => {
  it.each(wires)('over %s, compression %s', async (protocol, compression) => {
    const endpoint = protocol === 'grpc' ? collector.grpcUrl : collector.url
    const tracing = start({ ...service, ...recording, endpoint, protocol, compression })
    const traceId = makeChain()
    await tracing.shutdown()
    expectChain(await written(traceId), traceId)
  })
})

describe('Zipkin', () => {
  it('gets from us what it gets of the same spans from a Collector', async () => {
    const direct = start(
      { ...service, exporter: 'zipkin' },
      { OTEL_EXPORTER_ZIPKIN_ENDPOINT: zipkinEndpoint },
    )
    const ours = makeChain()
    await direct.shutdown()
    const byCollector = start({ ...service, endpoint: collector.url, exporter: 'otlp' })
    const theirs = makeChain()
    await byCollector.shutdown()
    const [own, translated] = [await zipkinTrace(ours, 2), await zipkinTrace(theirs, 2)]
    expect(own.map(common)).toEqual(translated.map(common))
    // A Collector of this version writes the scope, the status and links by other keys, and the other
    // end of a call not at all, which Zipkin's dependency graph is made of.
    expect(own.map(({ remoteEndpoint }) => remoteEndpoint?.serviceName)).toContain('stock.example')
    expect(translated.map(({ remoteEndpoint }) => remoteEndpoint)).toEqual([undefined, undefined])
  })
})

/** What both write of a span: all but what each writes in its own way. */
function common(span: ZipkinSpan): object {
  const { id: _, traceId, parentId, remoteEndpoint, annotations = [], tags = {}, ...rest } = span
  const ownKeys = /^(otel|otlp)\.|^error$|^service\.(name|instance\.id)$/
  return {
    ...rest,
    hasParent: parentId !== undefined,
    hasFailed: tags.error !== undefined,
    events: annotations.map(({ timestamp }) => timestamp),
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !ownKeys.test(key))),
  }
}

describe('VictoriaLogs', () => {
  it('gets log lines from us without a Collector, and finds them by their trace and tenant', async () => {
    const variables = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: victoriaLogsEndpoint,
    }
    const tracing = start({ ...service, logs: 'otlp' }, variables)
    const span = trace.getTracer('test').startSpan('GET /orders')
    const within = trace.setSpan(context.active(), span)
    const tenant = `tenant-${span.spanContext().traceId}`
    const fields = { level: 50, time: Date.now(), msg: 'it broke', tenant_id: tenant, pid: 7 }
    emitLogLine({ context: within, line: `${JSON.stringify(fields)}\n` })
    span.end()
    await tracing.shutdown()
    const find = async (query: string) =>
      until(async () => {
        const [first] = await searchLogs(query)
        return first
      })
    const { traceId, spanId } = span.spanContext()
    const wanted = {
      _msg: 'it broke',
      trace_id: traceId,
      span_id: spanId,
      'tenant.id': tenant,
      'service.name': 'orders',
      severity_text: 'ERROR',
    }
    expect(await find(`trace_id:${traceId}`)).toMatchObject(wanted)
    expect(await find(`tenant.id:"${tenant}"`)).toMatchObject(wanted)
  })
})
