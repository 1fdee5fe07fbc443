import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type RealCollector, startRealCollector } from '../../../test/backends/collector.ts'
import type { FlatLog, FlatSpan } from '../../../test/backends/otlp-json.ts'
import { until } from '../../../test/backends/until.ts'
import { searchLogs, victoriaLogsEndpoint } from '../../../test/backends/victoria-logs.ts'
import {
  type ZipkinSpan,
  zipkinEndpoint,
  zipkinLinks,
  zipkinSearch,
  zipkinTrace,
} from '../../../test/backends/zipkin.ts'
import { faultsOf } from '../../../test/conventions/conventions.ts'
import { kinds } from '../runner/customers.js'
import { type SentOrders, sendOrders } from './sent-orders.ts'

jest.setTimeout(300_000)

const SERVICES = ['gateway', 'inventory', 'orders', 'shipping']
const KINDS = ['', undefined, 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']

let collector: RealCollector
/** What every backend must have. */
let sent: SentOrders

beforeAll(async () => {
  collector = await startRealCollector({
    exporters: { 'otlphttp/logs': { logs_endpoint: victoriaLogsEndpoint } },
    logs: ['otlphttp/logs'],
  })
  // Zipkin gets its spans from the services themselves.
  sent = await sendOrders(collector.url, {
    OTEL_TRACES_EXPORTER: 'otlp,zipkin',
    OTEL_EXPORTER_ZIPKIN_ENDPOINT: zipkinEndpoint,
  })
})
afterAll(() => collector?.close())

const byId = <T extends { id: string }>(spans: readonly T[]): T[] =>
  spans.toSorted((one, other) => (one.id < other.id ? -1 : 1))

describe('the semantic conventions', () => {
  it('have nothing against any span of the shop', () => {
    const faults = sent.spans.flatMap((span) => faultsOf({ ...span, kind: span.kind - 1 }))
    expect(faults).toEqual([])
  })
})

describe('a Collector', () => {
  it('has every span of the shop with every field', () => {
    expect(new Set(sent.spans.map(({ resource }) => resource['service.name']))).toEqual(
      new Set(SERVICES),
    )
    expect(byId(collector.spans())).toEqual(byId(sent.spans))
  })

  it('has every log line with its trace', () => {
    const asText = (logs: readonly FlatLog[]): string[] => logs.map((log) => JSON.stringify(log))
    expect(asText(collector.logs()).toSorted()).toEqual(asText(sent.logs).toSorted())
  })
})

/** The span as Zipkin must have it, by OpenTelemetry's specification: names are in small letters there. */
function inZipkin(span: FlatSpan): object {
  const micros = (nanos: string): number => Number(BigInt(nanos) / 1000n)
  const tags = { ...span.resource, ...span.attributes }
  return {
    traceId: span.traceId,
    id: span.id,
    ...(span.parentId && { parentId: span.parentId }),
    ...(KINDS[span.kind] && { kind: KINDS[span.kind] }),
    name: span.name.toLowerCase(),
    timestamp: micros(span.start),
    duration: expect.any(Number),
    localEndpoint: { serviceName: span.resource['service.name'] },
    tags: expect.objectContaining(
      Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, asTag(value)])),
    ),
  }
}

const asTag = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)

describe('Zipkin', () => {
  it.each(kinds.map(({ name }) => name))(
    'has the chain of the %s order, parent by parent and attribute by attribute',
    async (name) => {
      const wanted = byId(sent.spansOf(name))
      expect(wanted.length).toBeGreaterThan(5)
      const stored = byId(await zipkinTrace(sent.traces.get(name) ?? '', wanted.length))
      expect(stored.map(({ annotations, remoteEndpoint, ...span }) => span)).toEqual(
        wanted.map(inZipkin),
      )
      for (const [index, span] of wanted.entries()) {
        const { duration = 0, annotations = [] } = stored[index] ?? ({} as ZipkinSpan)
        const micros = Number(BigInt(span.end) - BigInt(span.start)) / 1000
        expect(Math.abs(duration - micros)).toBeLessThanOrEqual(1)
        expect(annotations).toHaveLength(span.events.length)
      }
    },
  )

  it('finds the orders of a tenant', async () => {
    const found = await zipkinSearch({ annotationQuery: 'tenant.id=acme' })
    const acme = [...sent.traces.values()].filter((id) =>
      sent.spans.some((span) => span.traceId === id && span.attributes['tenant.id'] === 'acme'),
    )
    expect(acme.length).toBeGreaterThan(0)
    expect(acme.length).toBeLessThan(sent.traces.size)
    expect([...sent.traces.values()].filter((id) => found.includes(id))).toEqual(acme)
  })

  it('finds what failed', async () => {
    const found = await zipkinSearch({ annotationQuery: 'error', serviceName: 'inventory' })
    expect(found).toContain(sent.traces.get('failed'))
    expect(found).not.toContain(sent.traces.get('ok'))
  })

  it('finds what took long', async () => {
    const slow = sent.spansOf('slow').find(({ name }) => name.startsWith('SELECT'))
    const micros = Number(BigInt(slow?.end ?? 0) - BigInt(slow?.start ?? 0)) / 1000
    const longer = String(Math.floor(micros))
    const query = { serviceName: 'inventory', spanName: slow?.name.toLowerCase() ?? '' }
    const found = await zipkinSearch({ ...query, minDuration: longer })
    const ours = [...sent.traces.values()].filter((id) => found.includes(id))
    expect(ours).toEqual([sent.traces.get('slow')])
  })

  it('draws gateway → orders → inventory → database', async () => {
    const links = await until(async () => {
      const all = await zipkinLinks()
      const ours = all.filter(({ parent }) => SERVICES.includes(parent))
      return ours.length > 0 ? ours : undefined
    })
    const arrows = links.map(({ parent, child }) => `${parent} → ${child}`)
    // A database is called by its address there.
    expect(arrows).toEqual(
      expect.arrayContaining(['gateway → orders', 'orders → inventory', 'inventory → 127.0.0.1']),
    )
  })
})

describe('VictoriaLogs', () => {
  it('finds the log lines of an order by its trace, those of every service', async () => {
    const traceId = sent.traces.get('ok') ?? ''
    const wanted = sent.logs.filter((log) => log.traceId === traceId)
    expect(new Set(wanted.map(({ resource }) => resource['service.name']))).toEqual(
      new Set(SERVICES),
    )
    const found = await until(async () => {
      const logs = await searchLogs(`trace_id:${traceId}`)
      return logs.length >= wanted.length ? logs : undefined
    })
    const lines = found.map((log) => [log['service.name'], log._msg, log.span_id])
    expect(lines.toSorted()).toEqual(
      wanted.map((log) => [log.resource['service.name'], log.body, log.spanId]).toSorted(),
    )
  })

  it('finds them by their tenant', async () => {
    const ids = [...sent.traces.values()]
    const wanted = sent.logs.filter(
      (log) => log.attributes['tenant.id'] === 'globex' && ids.includes(log.traceId),
    )
    expect(wanted.length).toBeGreaterThan(0)
    const found = await until(async () => {
      const logs = await searchLogs('tenant.id:globex')
      const ours = logs.filter((log) => ids.includes(log.trace_id ?? ''))
      return ours.length >= wanted.length ? ours : undefined
    })
    expect(found.map((log) => log._msg).toSorted()).toEqual(
      wanted.map(({ body }) => body).toSorted(),
    )
  })
})
