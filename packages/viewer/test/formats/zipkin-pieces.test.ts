import fc from 'fast-check'
import { traceDetail } from '../../src/analysis/trace-detail.ts'
import { readAnyJson } from '../../src/formats/read-any.ts'
import { accept } from '../../src/ingest/accept.ts'
import { createDecodeContext } from '../../src/otlp/decode-context.ts'
import { createMemoryStore, type MemoryStore } from '../../src/store/memory-store.ts'
import { factsOf } from '../../src/trace/trace-facts.ts'
import { BASE, spanId, traceId } from '../spans.ts'

const context = createDecodeContext()
const read = (store: MemoryStore, content: unknown): void => {
  for (const part of readAnyJson(JSON.stringify(content), context).parts) store.add(part)
}
/** Each argument is a request of its own. */
const storeOf = (...requests: unknown[]): MemoryStore => {
  const store = createMemoryStore()
  for (const request of requests) read(store, request)
  return store
}
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
const spansOf = (store: MemoryStore): any[] => {
  const [record] = store.traces.values()
  if (record === undefined) throw new Error('There is no trace.')
  const { spans, resources, scopes } = traceDetail(record, store)
  // biome-ignore lint/suspicious/noExplicitAny: see above
  return (spans as any[]).map((span) => ({
    ...span,
    resource: (resources as unknown[])[span.resource],
    scope: (scopes as unknown[])[span.scope],
  }))
}
const at = (millis: number): number => (BASE + millis) * 1000
const ids = { traceId: traceId(1), id: spanId(1) }
const of = (serviceName: string): object => ({ localEndpoint: { serviceName } })

describe('A span of Zipkin that comes in pieces', () => {
  const PIECES = [
    { ...ids },
    { ...ids, ...of('shop') },
    { ...ids, parentId: spanId(9), kind: 'CLIENT', name: 'get', ...of('shop'), debug: true },
    { ...ids, timestamp: at(5), annotations: [{ timestamp: at(6), value: 'wire' }] },
    { ...ids, duration: 20_000, tags: { 'http.path': '/devices', 'http.status_code': '500' } },
    { ...ids, tags: { error: 'boom', 'otel.scope.name': 'lib', 'otel.scope.version': '1' } },
    { ...ids, localEndpoint: { ipv4: '10.0.0.1', port: 80 } },
    {
      ...ids,
      remoteEndpoint: { serviceName: 'pay', ipv4: '10.0.0.2', port: 443 },
      annotations: [
        { timestamp: at(7), value: 'later' },
        { timestamp: at(6), value: 'wire' },
      ],
    },
  ]
  const WHOLE = {
    id: spanId(1),
    parent: spanId(9),
    service: 'shop',
    name: 'get',
    kind: 'client',
    duration: 20,
    status: 'error',
    statusMessage: 'boom',
    scope: { name: 'lib', version: '1', attributes: {} },
    events: [
      { name: 'wire', offset: 1 },
      { name: 'later', offset: 2 },
    ],
    attributes: {
      'http.path': '/devices',
      'http.status_code': 500,
      error: 'boom',
      'peer.service': 'pay',
      'network.peer.address': '10.0.0.2',
      'network.peer.port': 443,
      'network.local.address': '10.0.0.1',
      'network.local.port': 80,
      'zipkin.debug': true,
    },
  }

  it('is one span, in whatever order they come, in one request or in many', () => {
    const order = fc.shuffledSubarray(PIECES, { minLength: PIECES.length })
    fc.assert(
      fc.property(order, fc.boolean(), fc.boolean(), (pieces, isOne, isTwice) => {
        const all = isTwice ? [...pieces, ...pieces] : pieces
        const store = isOne ? storeOf(all) : storeOf(...all.map((piece) => [piece]))
        const [span, ...more] = spansOf(store)
        expect(more).toEqual([])
        expect(span).toMatchObject(WHOLE)
        expect(span.unknown).toBeUndefined()
        expect(span.attributes).toEqual(WHOLE.attributes)
        const [record] = store.traces.values()
        expect(record).toMatchObject({ start: at(5), duration: 20e6 })
      }),
      { numRuns: 80 },
    )
  })

  it('counts as much as is kept of it, and nothing when it was evicted', () => {
    const pieces = Array.from({ length: 500 }, (_, index) => [
      { ...ids, tags: { [`k${index}`]: 'x'.repeat(1000) } },
    ])
    const store = storeOf(...pieces)
    const [record] = store.traces.values()
    const kept = JSON.stringify(spansOf(store)).length
    expect(store.bytes).toBeGreaterThan(kept * 0.8)
    expect(store.bytes).toBeLessThan(kept * 8)
    expect(record?.spans).toHaveLength(1)
    const small = createMemoryStore({ maxSpans: 1 })
    for (const piece of pieces) read(small, piece)
    read(small, [{ traceId: traceId(2), id: spanId(1), ...of('shop') }])
    const alone = createMemoryStore()
    read(alone, [{ traceId: traceId(2), id: spanId(1), ...of('shop') }])
    expect(small.traces.size).toBe(1)
    expect(small.bytes).toBe(alone.bytes)
  })

  it('takes no more than one span is allowed', () => {
    const pieces = Array.from({ length: 60 }, (_, index) => [
      { ...ids, tags: { [`k${index}`]: 'x'.repeat(60_000) } },
    ])
    const store = storeOf(...pieces)
    expect(store.bytes).toBeLessThan(1.3 * 1024 * 1024)
    expect(spansOf(store)[0].clipped).toBe(true)
  })

  it('begins with the piece that began first, in whatever order they come', () => {
    const [late, early] = [
      { ...ids, timestamp: at(5), duration: 2000 },
      { ...ids, timestamp: at(3) },
    ]
    for (const order of [
      [late, early],
      [early, late],
    ]) {
      const store = storeOf(...order.map((piece) => [piece]))
      const [record] = store.traces.values()
      expect(record).toMatchObject({ start: at(3), duration: 2e6 })
    }
  })

  it('is not written again for what it has no room for', () => {
    const store = createMemoryStore()
    const take = (tags: object) =>
      readAnyJson(JSON.stringify([{ ...ids, tags }]), context).parts.map((p) => accept(store, p))[0]
    for (let index = 0; index < 30; index += 1) take({ [`k${index}`]: 'x'.repeat(60_000) })
    expect(take({ more: 'x' })).toMatchObject({ merged: 0, known: 1 })
    expect(take({ error: 'boom' })).toMatchObject({ merged: 1, known: 0 })
  })

  it('is told apart from one that was sent twice', () => {
    const store = createMemoryStore()
    const take = (content: unknown) =>
      readAnyJson(JSON.stringify(content), context).parts.map((part) => accept(store, part))
    expect(take(PIECES.slice(0, 3))).toEqual([{ spans: 1, merged: 2, known: 0, logs: 0 }])
    expect(take(PIECES.slice(0, 4))).toEqual([{ spans: 0, merged: 1, known: 3, logs: 0 }])
  })
})

describe('Spans of Zipkin that share an id', () => {
  const call = { ...ids, timestamp: at(0), duration: 10_000 }
  const client = { ...call, kind: 'CLIENT', name: 'get', ...of('front') }
  const server = { ...call, kind: 'SERVER', name: 'get /x', ...of('back'), tags: { error: 'boom' } }
  const inside = { ...call, id: spanId(2), parentId: spanId(1), name: 'in back', ...of('back') }
  const outside = { ...call, id: spanId(3), parentId: spanId(1), name: 'in front', ...of('front') }
  const piece = { ...ids, ...of('back'), tags: { extra: 'yes' } }

  it.each<[string, object]>([
    ['without the flag', {}],
    ['with it', { shared: true }],
  ])('are all kept, the server’s below the client’s, %s, in whatever order', (_, flag) => {
    const all = [client, { ...server, ...flag }, inside, outside, piece]
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.boolean(),
        (order, isOne) => {
          const store = isOne ? storeOf(order) : storeOf(...order.map((span) => [span]))
          const spans = spansOf(store)
          const idOf = (name: string): string => spans.find((span) => span.name === name)?.id
          expect(spans.map(({ name, parent }) => [name, parent])).toEqual(
            expect.arrayContaining([
              ['get', undefined],
              ['get /x', spanId(1)],
              ['in back', idOf('get /x')],
              ['in front', spanId(1)],
            ]),
          )
          expect(spans).toHaveLength(4)
          expect(idOf('get')).toBe(spanId(1))
          expect(new Set(spans.map(({ id }) => id)).size).toBe(4)
          const of = spans.find(({ name }) => name === 'get /x')
          expect(of).toMatchObject({ service: 'back', attributes: { extra: 'yes' } })
          const [record] = store.traces.values()
          expect(record && factsOf(record)).toMatchObject({
            errors: 1,
            orphans: 0,
            rootMissing: false,
          })
        },
      ),
      { numRuns: 80 },
    )
  })

  it.each<[string, object, object[]]>([
    [
      'a producer and its consumers',
      { kind: 'PRODUCER', ...of('shop') },
      ['a', 'b', 'c'].map((name) => ({ kind: 'CONSUMER', ...of(name), name })),
    ],
    [
      'a client and several servers',
      { kind: 'CLIENT', ...of('shop') },
      ['a', 'b', 'c'].map((name) => ({ kind: 'SERVER', ...of(name), name })),
    ],
    [
      'a service that calls itself',
      { kind: 'CLIENT', ...of('shop') },
      [{ kind: 'SERVER', ...of('shop'), name: 'a' }],
    ],
    ['a server that says no kind', { kind: 'CLIENT', ...of('shop') }, [{ ...of('a'), name: 'a' }]],
  ])('are %s', (_, caller, others) => {
    const all = [
      { ...call, ...caller, name: 'call' },
      ...others.map((each) => ({ ...call, ...each })),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (order) => {
        const spans = spansOf(storeOf(...order.map((span) => [span]), order))
        expect(spans).toHaveLength(all.length)
        expect(spans.filter(({ parent }) => parent === undefined)).toHaveLength(1)
        for (const { name, parent, id } of spans) {
          if (name === 'call') expect(id).toBe(spanId(1))
          else expect(parent).toBe(spanId(1))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('are two where two instances of one service answered', () => {
    const served = { ...server, kind: 'SERVER' }
    const on = (ipv4: string) => ({ ...served, localEndpoint: { serviceName: 'back', ipv4 } })
    const spans = spansOf(storeOf([client], [on('10.0.0.1')], [on('10.0.0.2')], [on('10.0.0.1')]))
    const addresses = spans.map(({ attributes }) => attributes['network.local.address'])
    expect(addresses.sort()).toEqual(['10.0.0.1', '10.0.0.2', undefined])
  })

  it('stay so in a trace of which only a part is kept', () => {
    const store = createMemoryStore({ maxSpans: 3 })
    read(store, [client, server, inside, outside])
    read(store, [piece])
    const spans = spansOf(store)
    expect(spans.map(({ name }) => name)).toEqual(['get', 'get /x', 'in back'])
    expect(spans[1].attributes).toMatchObject({ extra: 'yes' })
  })

  it('are bounded, however many services claim to have it', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ ...server, ...of(`s${index}`) }))
    const store = storeOf([client, ...many])
    const [record] = store.traces.values()
    expect(record?.spans.length).toBeLessThan(300)
    expect(record && record.spans.length + record.unkept).toBe(1001)
  })

  it('are kept from Jaeger and OTLP as well, where a span sent twice is one', () => {
    const inJaeger = (kind: string, service: string, name: string) => ({
      data: [
        {
          processes: { p: { serviceName: service } },
          spans: [
            {
              ...{ traceID: traceId(1), spanID: spanId(1), operationName: name, processID: 'p' },
              ...{ startTime: at(0), duration: 5000 },
              tags: [{ key: 'span.kind', type: 'string', value: kind }],
            },
          ],
        },
      ],
    })
    const [one, other] = [inJaeger('server', 'back', 'b'), inJaeger('client', 'front', 'f')]
    const spans = spansOf(storeOf(one, other, one, other))
    expect(spans.map(({ name, parent }) => [name, parent])).toEqual([
      ['f', undefined],
      ['b', spanId(1)],
    ])
    const inOtlp = (kind: number, service: string, name: string) => ({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
          scopeSpans: [
            {
              spans: [
                {
                  ...{ traceId: traceId(1), spanId: spanId(1), name, kind },
                  ...{ startTimeUnixNano: `${at(0)}000`, endTimeUnixNano: `${at(5)}000` },
                },
              ],
            },
          ],
        },
      ],
    })
    const sent = [inOtlp(3, 'front', 'f'), inOtlp(2, 'back', 'b')]
    expect(spansOf(storeOf(...sent, ...sent))).toHaveLength(2)
    // The same span by two ways, of which one names the service anew.
    expect(spansOf(storeOf(inOtlp(2, 'back', 'b'), inOtlp(2, 'renamed', 'b')))).toHaveLength(1)
  })
})

describe('A span that came as OTLP before', () => {
  it('is not made worse by what Zipkin says of it', () => {
    const value = { stringValue: 'x' }
    const span = {
      ...{ traceId: traceId(1), spanId: spanId(1), name: 'get', kind: 3 },
      ...{ startTimeUnixNano: `${at(0)}123`, endTimeUnixNano: `${at(5)}456` },
      attributes: [
        { key: 'n', value: { doubleValue: 0.5 } },
        { key: 'list', value: { arrayValue: { values: [value] } } },
      ],
    }
    const store = storeOf({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    const before = spansOf(store)
    const tags = { n: '0.5', list: '["x"]' }
    read(store, [{ ...ids, kind: 'CLIENT', name: 'get', timestamp: at(0), duration: 5001, tags }])
    expect(spansOf(store)).toEqual(before)
    expect(store.counters).toMatchObject({ duplicates: 1, merged: 0 })
    read(store, [{ ...ids, kind: 'CLIENT', tags: { ...tags, more: 'yes' } }])
    expect(spansOf(store)[0].attributes).toEqual({ n: 0.5, list: ['x'], more: 'yes' })
  })
})
