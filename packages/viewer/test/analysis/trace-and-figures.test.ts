import { operationsOf } from '../../src/analysis/operations.ts'
import { serviceMap } from '../../src/analysis/service-map.ts'
import { traceDetail } from '../../src/analysis/trace-detail.ts'
import { toMarkdown } from '../../src/analysis/write-markdown.ts'
import { compileQuery } from '../../src/query/compile-query.ts'
import { normaliseStatement } from '../../src/trace/repeated.ts'
import { BASE, spanId, storeOf, type TestSpan, traceId } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const ANY = { from: undefined, to: undefined }
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
const detail = (spans: TestSpan[]): any => {
  const store = storeOf(spans)
  const record = store.traces.get(traceId(1))
  if (record === undefined) throw new Error('the trace is not there')
  return JSON.parse(JSON.stringify(traceDetail(record, store)))
}
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
const mapOf = (spans: TestSpan[]): any =>
  JSON.parse(JSON.stringify(serviceMap(storeOf(spans), compileQuery(''), ANY)))

describe('One trace', () => {
  it('is in drawing order, with depth, descendants and self time', () => {
    const { spans } = detail([
      { id: 4, parent: 2, at: 30, took: 10 },
      { id: 3, parent: 1, at: 60, took: 30 },
      { id: 2, parent: 1, at: 10, took: 40 },
      { id: 1, at: 0, took: 100 },
      { id: 5, parent: 2, at: 35, took: 10 },
    ])
    expect(
      spans.map((span: { id: string; depth: number; descendants: number; self: number }) => [
        Number.parseInt(span.id, 16),
        span.depth,
        span.descendants,
        span.self,
      ]),
    ).toEqual([
      [1, 0, 4, 30],
      [2, 1, 2, 25],
      [4, 2, 0, 10],
      [5, 2, 0, 10],
      [3, 1, 0, 30],
    ])
  })

  it('has a critical path that covers its root without a gap', () => {
    const { criticalPath, spans } = detail([
      { id: 1, took: 100 },
      { id: 2, parent: 1, at: 10, took: 50 },
      { id: 3, parent: 1, at: 20, took: 60 },
      { id: 4, parent: 3, at: 30, took: 20 },
    ])
    expect(
      criticalPath.map((part: { span: string; from: number; to: number }) => [
        Number.parseInt(part.span, 16),
        part.from,
        part.to,
      ]),
    ).toEqual([
      [1, 0, 10],
      [2, 10, 20],
      [3, 20, 30],
      [4, 30, 50],
      [3, 50, 80],
      [1, 80, 100],
    ])
    expect(spans.map(({ critical }: { critical: number }) => critical)).toEqual([30, 10, 40, 20])
  })

  it('shows every span, whatever its parent says: itself, a circle, a stranger', () => {
    const { spans, trace } = detail([
      { id: 1, parent: 1 },
      { id: 2, parent: 3 },
      { id: 3, parent: 2 },
      { id: 4, parent: 99 },
    ])
    expect(spans).toHaveLength(4)
    expect(trace).toMatchObject({ rootMissing: true, orphans: 1 })
    expect(spans.filter(({ orphan }: { orphan: boolean }) => orphan)).not.toHaveLength(0)
  })

  it('survives a chain of 30,000 spans', () => {
    const chain = Array.from({ length: 30_000 }, (_, index) => ({
      id: index + 1,
      ...(index === 0 ? {} : { parent: index }),
      took: 100_000 - index,
      at: 0,
    }))
    const { spans } = detail(chain)
    expect(spans.at(-1)).toMatchObject({ depth: 29_999, descendants: 0 })
  })

  it('marks the same statement eleven times one after the other, and not when they overlap', () => {
    const query = (index: number, at: number): TestSpan => ({
      id: 10 + index,
      parent: 1,
      at,
      took: 2,
      name: 'SELECT',
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': `SELECT * FROM items WHERE id = ${index}`,
      },
    })
    const root = { id: 1, took: 100 }
    const elevenOf = (gap: number) =>
      detail([root, ...Array.from({ length: 11 }, (_, index) => query(index, index * gap))])
    const serial = elevenOf(3)
    expect(serial.statements).toMatchObject([
      {
        normalised: 'select * from items where id = ?',
        count: 11,
        total: 22,
        share: 0.22,
        repeated: [{ parent: spanId(1), count: 11 }],
      },
    ])
    expect(serial.trace.repeated).toBe(11)
    expect(serial.spans[1].sql.group).toBe(0)
    expect(elevenOf(0).statements[0].repeated).toEqual([])
  })

  it('takes values out of statements, however they are written', () => {
    const one = normaliseStatement("select a from t where b = 'it''s' and c in (1, 2,3)\n and d=$2")
    const other = normaliseStatement("SELECT a  FROM t WHERE b = 'x' AND c IN ($1) AND d=7.5")
    expect(one).toBe(other)
  })

  it('names a callee that lies outside of its caller on another machine', () => {
    const { skew } = detail([
      { id: 1, service: 'a', kind: 'client', took: 100 },
      { id: 2, parent: 1, service: 'b', kind: 'server', at: -500, took: 80 },
    ])
    expect(skew).toEqual([{ span: spanId(2), by: 510 }])
  })

  it.each([
    ['both are on one host, whose clock they share', { at: -500, hosts: ['one', 'one'] }],
    ['it begins early by no more than timers differ', { at: -1.5, hosts: ['one', 'two'] }],
    ['nobody says where they run, and it is as little', { at: -1.5, hosts: [] }],
  ])('calls no clock wrong when %s', (_, { at, hosts: [a, b] }) => {
    const host = (name: string | undefined) => (name === undefined ? {} : { host: name })
    const { skew } = detail([
      { id: 1, service: 'a', kind: 'client', took: 100, ...host(a) },
      { id: 2, parent: 1, service: 'b', kind: 'server', at, took: 80, ...host(b) },
    ])
    expect(skew).toEqual([])
  })

  it('names a callee on another host that is outside by more than timers differ', () => {
    const { skew } = detail([
      { id: 1, service: 'a', kind: 'client', took: 100, host: 'one' },
      { id: 2, parent: 1, service: 'b', kind: 'server', at: -3, took: 80, host: 'two' },
    ])
    expect(skew).toEqual([{ span: spanId(2), by: 13 }])
  })

  it('shows links from both ends', () => {
    const store = storeOf([
      { trace: 1, id: 1, name: 'publish' },
      { trace: 2, id: 2, service: 'mailer', name: 'process', links: [{ trace: 1, span: 1 }] },
    ])
    const [first, second] = [1, 2].map((id) => {
      const record = store.traces.get(traceId(id))
      return record && JSON.parse(JSON.stringify(traceDetail(record, store)))
    })
    expect(first.spans[0].linkedFrom).toEqual([
      {
        ...{ trace: traceId(2), span: spanId(2), service: 'mailer', name: 'process' },
        ...{ attributes: {}, root: { service: 'mailer', name: 'process' } },
      },
    ])
    expect(second.spans[0].links).toMatchObject([{ trace: traceId(1), known: true }])
  })
})

describe('Operations', () => {
  const spans = Array.from({ length: 100 }, (_, index) => ({
    trace: index + 1,
    id: 1,
    name: 'GET /',
    kind: 'server' as const,
    at: index * 100,
    took: index + 1,
    error: index >= 95,
  }))
  const store = storeOf(spans)

  it('counts, and ranks durations', () => {
    const { operations } = operationsOf(store, compileQuery(''), ANY)
    expect(operations).toMatchObject([
      { service: 'orders', name: 'GET /', kind: 'server', count: 100, errors: 5, errorRate: 0.05 },
    ])
    expect(operations).toMatchObject([{ p50: 50, p95: 95, p99: 99, max: 100, total: 5050 }])
    expect(operations).toMatchObject([{ slowest: { trace: traceId(100), span: spanId(1) } }])
  })

  it('are of the range and of the query that were asked for', () => {
    const range = { from: BASE + 1000, to: BASE + 1999 }
    expect(operationsOf(store, compileQuery(''), range)).toMatchObject({
      operations: [{ count: 10, rate: 10 }],
    })
    expect(operationsOf(store, compileQuery('status:error'), ANY)).toMatchObject({
      operations: [{ count: 5, errors: 5 }],
    })
  })
})

describe('The map', () => {
  it('has services, databases, brokers and hosts, and what goes between them', () => {
    const map = mapOf([
      { id: 1, service: 'gateway', kind: 'server', took: 100 },
      { id: 2, parent: 1, service: 'gateway', kind: 'client', took: 80, at: 5 },
      { id: 3, parent: 2, service: 'orders', kind: 'server', took: 70, at: 10, error: true },
      {
        id: 4,
        parent: 3,
        service: 'orders',
        kind: 'client',
        attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop' },
      },
      {
        id: 5,
        parent: 3,
        service: 'orders',
        kind: 'client',
        attributes: { 'http.request.method': 'POST', 'server.address': 'pay.example' },
      },
      {
        id: 6,
        parent: 3,
        service: 'orders',
        kind: 'producer',
        attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'placed' },
      },
      {
        id: 7,
        parent: 6,
        service: 'mailer',
        kind: 'consumer',
        attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'placed' },
      },
    ])
    const edges = map.edges.map(
      (edge: { from: string; to: string; async: boolean; calls: number; errors: number }) =>
        `${edge.from} ${edge.async ? '~>' : '->'} ${edge.to} ${edge.calls}/${edge.errors}`,
    )
    expect(edges.sort()).toEqual([
      'messaging:kafka/placed ~> service:mailer 1/0',
      'service:gateway -> service:orders 1/1',
      'service:orders -> database:postgresql/shop 1/0',
      'service:orders -> external:pay.example 1/0',
      'service:orders ~> messaging:kafka/placed 1/0',
    ])
    const orders = map.nodes.find(({ id }: { id: string }) => id === 'service:orders')
    expect(orders).toMatchObject({ type: 'service', calls: 1, errors: 1, p95: 70 })
    const call = map.edges.find(({ to }: { to: string }) => to === 'service:orders')
    // As the caller saw it, with the network.
    expect(call).toMatchObject({ p95: 80, sample: traceId(1) })
  })

  it('counts a call to a traced service once, and as no foreign host', () => {
    const map = mapOf([
      {
        id: 1,
        service: 'a',
        kind: 'client',
        attributes: { 'http.request.method': 'GET', 'server.address': 'b.internal' },
      },
      { id: 2, parent: 1, service: 'b', kind: 'server' },
    ])
    expect(map.nodes.map(({ id }: { id: string }) => id).sort()).toEqual(['service:a', 'service:b'])
  })

  it('gives each node and edge a query that is understood', () => {
    const map = mapOf([
      {
        id: 1,
        service: 'a "quoted" name',
        attributes: { 'db.system': 'mysql', 'server.address': 'my host' },
      },
    ])
    for (const { q } of [...map.nodes, ...map.edges]) expect(() => compileQuery(q)).not.toThrow()
  })
})

describe('A trace whose times are no whole microseconds', () => {
  const span = (id: number, at: number, took: number, parent?: number): TestSpan => ({
    id,
    at,
    took,
    ...(parent === undefined ? {} : { parent }),
  })
  const shown = (spans: TestSpan[]) => {
    const { trace, spans: all } = detail(spans)
    return [trace.duration, ...all.map((each: { offset: number }) => each.offset)]
  }

  it('begins with its first span, to the nanosecond, in whatever order they come', () => {
    const spans = [
      span(1, 0.000936, 500),
      span(2, 0.001436, 1, 1),
      span(3, 250.000001, 250.000938, 1),
    ]
    expect(shown(spans)).toEqual([500.000003, 0, 0.0005, 249.999065])
    expect(shown([...spans].reverse())).toEqual([500.000003, 0, 0.0005, 249.999065])
  })

  it('takes no time when its only span takes none', () => {
    expect(shown([span(1, 0.000999, 0)])).toEqual([0, 0])
    expect(shown([span(1, 0.000999, 0.000001)])).toEqual([0.000001, 0])
  })

  it('is found by the duration that is shown, and written with it', () => {
    const store = storeOf([span(1, 0.000936, 500)])
    const [record] = store.traces.values()
    if (record === undefined) throw new Error('the trace is not there')
    expect(compileQuery('trace.dur=500ms').trace(record)).toBe(true)
    expect(toMarkdown(record, store)).toMatch(/: 500 ms at 0 ms\n/)
  })
})
