import { describe, expect, it } from '@jest/globals'
import { serviceMap } from '../../src/analysis/service-map.ts'
import { traceDetail } from '../../src/analysis/trace-detail.ts'
import { toMarkdown } from '../../src/analysis/write-markdown.ts'
import type { MapEdge, MapNode } from '../../src/contract/figures.ts'
import type { Span } from '../../src/contract/trace.ts'
import type { AttributeValue } from '../../src/model/attribute-value.ts'
import { compileQuery } from '../../src/query/compile-query.ts'
import { spanId, storeOf, type TestSpan, traceId } from '../spans.ts'

type Attributes = Record<string, AttributeValue>

const ANY = { from: undefined, to: undefined }
const of = (name: string, more: Attributes = {}): Attributes => ({
  'messaging.system': 'kafka',
  'messaging.destination.name': name,
  ...more,
})
const sent = (more: Partial<TestSpan> = {}): TestSpan => ({
  ...{ id: 2, parent: 1, service: 'shop', name: 'send orders', kind: 'producer', at: 10, took: 5 },
  ...{ attributes: of('orders', { 'messaging.operation.type': 'send' }), ...more },
})
const handled = (more: Partial<TestSpan> = {}): TestSpan => ({
  ...{ id: 3, parent: 2, service: 'billing', name: 'process orders', kind: 'consumer' },
  ...{ at: 100, took: 20, links: [{ trace: 1, span: 2 }] },
  ...{ attributes: of('orders', { 'messaging.operation.type': 'process' }), ...more },
})
const request: TestSpan = { id: 1, service: 'shop', name: 'POST /orders', kind: 'server', took: 20 }

const mapOf = (...spans: TestSpan[]) => serviceMap(storeOf(spans), compileQuery(''), ANY)
const node = (map: { nodes: readonly MapNode[] }, id: string) =>
  map.nodes.find((each) => each.id === id)
const edges = (map: { edges: readonly MapEdge[] }) =>
  map.edges.map(({ from, to, calls, async }) => `${from} > ${to} ${calls}${async ? ' async' : ''}`)
const spanOf = (spans: TestSpan[], trace: number, id: number): Span | undefined => {
  const store = storeOf(spans)
  const record = store.traces.get(traceId(trace))
  return record && traceDetail(record, store).spans.find((each) => each.id === spanId(id))
}

describe('A queue on the map', () => {
  it('is a node between its producer and its consumer, with its errors and its delay', () => {
    const map = mapOf(request, sent(), handled({ error: true }), sent({ trace: 2, error: true }))
    expect(edges(map)).toEqual([
      'service:shop > messaging:kafka/orders 2 async',
      'messaging:kafka/orders > service:billing 1 async',
    ])
    expect(node(map, 'messaging:kafka/orders')).toMatchObject({
      ...{ type: 'messaging', name: 'orders', system: 'kafka', calls: 2, errors: 2, errorRate: 1 },
      queue: {
        ...{ sent: 2, processed: 1, sendErrors: 1, processErrors: 1 },
        delay: { p50: 85, p95: 85, max: 85 },
      },
    })
    expect(map.edges[1]?.delay).toEqual({ p50: 85, p95: 85, max: 85 })
    expect(map.edges[0]?.delay).toBeUndefined()
  })

  it('counts each message of a batch that is only linked, and none that it does not know', () => {
    const map = mapOf(
      ...[1, 2, 3].map((trace) => sent({ trace, parent: 9, at: 10 * trace })),
      handled({
        ...{ trace: 9, id: 9, at: 100 },
        links: [1, 2, 3, 77].map((trace) => ({ trace, span: 2 })),
      }),
    )
    expect(edges(map)).toEqual([
      'service:shop > messaging:kafka/orders 3 async',
      'messaging:kafka/orders > service:billing 1 async',
    ])
    expect(node(map, 'messaging:kafka/orders')?.queue?.delay).toEqual({ p50: 75, p95: 85, max: 85 })
  })

  it('knows how long a message waited whose send is not here, and that it cannot have come too early', () => {
    const { parent: _, ...alone } = handled({ links: [] })
    const aged = { ...alone, attributes: of('orders', { 'callchain.message.age': 1500 }) }
    expect(node(mapOf(aged), 'messaging:kafka/orders')).toMatchObject({
      ...{ calls: 1, queue: { sent: 0, processed: 1, delay: { max: 1500 } } },
    })
    const early = mapOf(request, sent({ took: 500 }), handled())
    expect(node(early, 'messaging:kafka/orders')?.queue?.delay).toEqual({ p50: 0, p95: 0, max: 0 })
    expect(node(mapOf(alone), 'messaging:kafka/orders')?.queue?.delay).toBeUndefined()
  })

  it('is led to by the exchange that its messages were sent to', () => {
    const rabbit = (name: string): Attributes => ({
      ...{ 'messaging.system': 'rabbitmq', 'messaging.destination.name': name },
    })
    const map = mapOf(
      request,
      sent({ attributes: rabbit('events:paid') }),
      handled({ attributes: rabbit('events:paid:billing') }),
    )
    expect(edges(map)).toEqual([
      'service:shop > messaging:rabbitmq/events:paid 1 async',
      'messaging:rabbitmq/events:paid > messaging:rabbitmq/events:paid:billing 1 async',
      'messaging:rabbitmq/events:paid:billing > service:billing 1 async',
    ])
  })

  it('is not the broker’s host, whatever fetches from it or confirms', () => {
    const at = { 'server.address': 'broker', 'server.port': 9092 }
    const client = (id: number, type: string): TestSpan => ({
      ...{ id, trace: id, service: 'billing', kind: 'client' },
      attributes: of('orders', { ...at, 'messaging.operation.type': type }),
    })
    expect(edges(mapOf(client(1, 'settle')))).toEqual([])
    expect(edges(mapOf(client(1, 'send')))).toEqual([
      'service:billing > messaging:kafka/orders 1 async',
    ])
    const fetched: TestSpan = {
      ...handled({ id: 5, kind: 'consumer', links: [] }),
      attributes: of('orders', { 'messaging.operation': 'receive' }),
    }
    expect(edges(mapOf(fetched))).toEqual(['messaging:kafka/orders > service:billing 1 async'])
    // Java says both: one message is one.
    expect(edges(mapOf({ ...fetched, trace: 2 }, request, sent(), handled()))).toEqual([
      'messaging:kafka/orders > service:billing 1 async',
      'service:shop > messaging:kafka/orders 1 async',
    ])
  })

  it.each<[string, Attributes, string | undefined]>([
    [
      'the older names',
      { 'messaging.system': 'rabbitmq', 'messaging.destination': 'mail' },
      'rabbitmq/mail',
    ],
    [
      'RabbitMQ’s exchange without a name',
      {
        'messaging.system': 'rabbitmq',
        'messaging.destination': '',
        'messaging.rabbitmq.routing_key': 'mail',
      },
      'rabbitmq/mail',
    ],
    [
      'a template',
      of('order.4711', { 'messaging.destination.template': 'order.{id}' }),
      'kafka/order.{id}',
    ],
    [
      'a generated name',
      of('amq.gen-1', { 'messaging.destination.temporary': true }),
      'kafka/temporary',
    ],
    ['Celery, which names no system', { 'messaging.destination': 'celery' }, 'messaging/celery'],
    ['Brave', { 'kafka.topic': 'mail' }, 'kafka/mail'],
    ['OpenTracing', { 'message_bus.destination': 'mail' }, 'messaging/mail'],
    ['nothing', { 'messaging.system': 'kafka' }, undefined],
  ])('is named by %s', (_how, attributes, id) => {
    const map = mapOf({ id: 1, kind: 'producer', attributes })
    const queue = map.nodes.find(({ type }) => type === 'messaging')
    expect(queue?.id).toBe(id && `messaging:${id}`)
  })
})

describe('A message in a trace', () => {
  it.each<[string, Partial<TestSpan>, string | undefined]>([
    ['a producer', { kind: 'producer' }, 'send'],
    ['a consumer', { kind: 'consumer' }, 'process'],
    [
      'an older consumer that delivers',
      { kind: 'consumer', attributes: { 'messaging.operation': 'deliver' } },
      'process',
    ],
    [
      'one that receives',
      { kind: 'consumer', attributes: { 'messaging.operation': 'receive' } },
      'receive',
    ],
    [
      'a client that polls',
      { kind: 'client', attributes: { 'messaging.operation.name': 'poll' } },
      'receive',
    ],
    [
      'a client that publishes',
      { kind: 'client', attributes: { 'messaging.operation': 'publish' } },
      'send',
    ],
    [
      'a client that confirms',
      { kind: 'client', attributes: { 'messaging.operation.name': 'ack' } },
      'settle',
    ],
    ['a client that says nothing', { kind: 'client' }, undefined],
  ])('is told by %s', (_who, { attributes, ...span }, step) => {
    const all = [{ id: 1, ...span, attributes: { ...of('orders'), ...attributes } }]
    expect(spanOf(all, 1, 1)?.message?.step).toBe(step)
  })

  it('says its queue, how long it waited, and the size of its batch', () => {
    const spans = [request, sent(), handled()]
    expect(spanOf(spans, 1, 2)?.message).toEqual({ step: 'send', system: 'kafka', queue: 'orders' })
    expect(spanOf(spans, 1, 3)?.message).toEqual({
      ...{ step: 'process', system: 'kafka', queue: 'orders', waited: 85 },
    })
    const batch = handled({ attributes: of('orders', { 'messaging.batch.message_count': 12 }) })
    expect(spanOf([request, sent(), batch], 1, 3)?.message).toMatchObject({ count: 12 })
    expect(spanOf(spans, 1, 1)?.message).toBeUndefined()
  })

  it('leads to the other trace and back, by its name, with the attributes of the link', () => {
    const link = { trace: 1, span: 2, attributes: { reason: 'batch' } }
    const { parent: _, ...root } = handled({ trace: 2, links: [link, { trace: 7, span: 7 }] })
    const spans = [request, sent(), root]
    const consumer = spanOf(spans, 2, 3)
    expect(consumer?.links).toEqual([
      {
        ...{ trace: traceId(1), span: spanId(2), attributes: { reason: 'batch' }, known: true },
        ...{
          service: 'shop',
          name: 'send orders',
          root: { service: 'shop', name: 'POST /orders' },
        },
      },
      { trace: traceId(7), span: spanId(7), attributes: {}, known: false },
    ])
    expect(consumer?.linked).toEqual({ to: 2, from: 0 })
    const producer = spanOf(spans, 1, 2)
    expect(producer?.linkedFrom).toEqual([
      {
        ...{ trace: traceId(2), span: spanId(3), service: 'billing', name: 'process orders' },
        ...{
          attributes: { reason: 'batch' },
          root: { service: 'billing', name: 'process orders' },
        },
      },
    ])
    expect(producer?.linked).toEqual({ to: 0, from: 1 })
  })

  it('is no link to another trace when it is in the trace of its producer', () => {
    expect(spanOf([request, sent(), handled()], 1, 3)?.linked).toBeUndefined()
  })

  it('says in Markdown how long it waited', () => {
    const store = storeOf([request, sent(), handled()])
    const record = store.traces.get(traceId(1))
    const text = record && toMarkdown(record, store)
    expect(text).toContain('billing process orders: 20 ms at 100 ms, waited 85 ms in the queue')
  })
})

describe('The query `queue`', () => {
  const spans = [
    request,
    sent(),
    { id: 1, trace: 2, kind: 'consumer' as const, attributes: { 'messaging.destination': 'mail' } },
    {
      ...{ id: 1, trace: 3, kind: 'producer' as const },
      attributes: of('order.4711', { 'messaging.destination.template': 'order.{id}' }),
    },
    { id: 1, trace: 4, attributes: { queue: 'own' } },
  ]
  const found = (query: string): number[] =>
    [...storeOf(spans).traces.values()]
      .filter((record) => compileQuery(query).trace(record))
      .map(({ id }) => Number.parseInt(id, 16))

  it.each<[string, number[]]>([
    ['queue:order', [1, 3]],
    ['queue=orders', [1]],
    ['queue=mail', [2]],
    ['queue=order.{id}', [3]],
    ['queue=order.4711', [3]],
    ['queue=*', [1, 2, 3, 4]],
    ['queue!=orders', [2, 3, 4]],
    ['queue~^ma', [2]],
    ['queue:own', [4]],
    ['!queue:order', [2, 4]],
    ['queue:orders kind:producer', [1]],
    ['calls=messaging:messaging/mail', [2]],
  ])('%s', (query, traces) => {
    expect(found(query)).toEqual(traces)
  })
})
