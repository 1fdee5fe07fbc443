import { serviceMap } from '../../src/analysis/service-map.ts'
import type { AttributeValue } from '../../src/model/attribute-value.ts'
import { compileQuery } from '../../src/query/compile-query.ts'
import { storeOf, type TestSpan } from '../spans.ts'

type Attributes = Record<string, AttributeValue>

/** The nodes of a map of calls, each in a trace of its own, with the number of traces that their queries find. */
const nodesOf = (...calls: (Attributes & { kind?: never })[]) =>
  drawn(calls.map((attributes) => ({ attributes, kind: 'client' as const })))
const drawn = (spans: Partial<TestSpan>[]) => {
  const store = storeOf(spans.map((span, index) => ({ trace: index + 1, id: 1, ...span })))
  const range = { from: undefined, to: undefined }
  const { nodes, edges } = serviceMap(store, compileQuery(''), range)
  const found = (q: string): number =>
    [...store.traces.values()].filter((record) => compileQuery(q).trace(record)).length
  for (const edge of edges) expect([edge.q, found(edge.q)]).toEqual([edge.q, edge.calls])
  return Object.fromEntries(
    nodes
      .filter(({ type }) => type !== 'service')
      .map(({ id, calls, q, name }) => {
        expect([q, found(q)]).toEqual([q, calls])
        return [id, [calls, name]]
      }),
  )
}
const at = (host: AttributeValue, port?: AttributeValue): Attributes =>
  port === undefined ? { 'server.address': host } : { 'server.address': host, 'server.port': port }
const db = (more: Attributes, name = 'shop'): Attributes => ({
  ...{ 'db.system.name': 'postgresql', 'db.namespace': name, 'db.query.text': 'select 1' },
  ...more,
})

describe('What services call, and the queries that find it', () => {
  it('tells hosts apart by their port', () => {
    expect(
      nodesOf(at('127.0.0.1', 9001), at('127.0.0.1', 9001), at('127.0.0.1', 9002), at('127.0.0.1')),
    ).toEqual({
      'external:127.0.0.1:9001': [2, '127.0.0.1:9001'],
      'external:127.0.0.1:9002': [1, '127.0.0.1:9002'],
      'external:127.0.0.1': [1, '127.0.0.1'],
    })
  })

  it('knows one host by all the ways to say it', () => {
    const calls = [
      at('Pay.example', 9001),
      { 'net.peer.name': 'pay.example', 'net.peer.port': 9001 },
      { 'http.host': 'pay.example:9001' },
      { 'url.full': 'http://pay.example:9001/x?y=1' },
      { 'http.url': 'http://pay.example:9001/' },
      { 'network.peer.address': 'pay.example', 'network.peer.port': '9001' },
    ]
    expect(nodesOf(...calls)).toEqual({ 'external:pay.example:9001': [6, 'pay.example:9001'] })
  })

  it('leaves out the ports that clients may leave out', () => {
    expect(nodesOf(at('a'), at('a', 443), at('a', 80), db(at('d')), db(at('d', 5432)))).toEqual({
      'external:a': [3, 'a'],
      'database:postgresql/d/shop': [2, 'shop'],
    })
  })

  it('takes sockets and addresses of version 6 as they are', () => {
    expect(nodesOf(at('/run/a.sock', 5), at('::1', 9001), at('[::1]:9001'), at('::1'))).toEqual({
      'external:/run/a.sock': [1, '/run/a.sock'],
      'external:[::1]:9001': [2, '[::1]:9001'],
      'external:::1': [1, '::1'],
    })
    expect(nodesOf(db(at('/run/pg')), db(at('/tmp')))).toEqual({
      'database:postgresql//run/pg/shop': [1, 'shop at /run/pg'],
      'database:postgresql//tmp/shop': [1, 'shop at /tmp'],
    })
  })

  it('tells databases of one name on different servers apart, and different ones of one server', () => {
    const calls = [
      db(at('h', 5433)),
      db(at('h', 5434)),
      db(at('h', 5434), 'other'),
      db({}),
      db({}, 'a b "c"'),
    ]
    expect(nodesOf(...calls)).toEqual({
      'database:postgresql/h:5433/shop': [1, 'shop at h:5433'],
      'database:postgresql/h:5434/shop': [1, 'shop at h:5434'],
      'database:postgresql/h:5434/other': [1, 'other'],
      'database:postgresql/shop': [1, 'shop'],
      'database:postgresql/a b "c"': [1, 'a b "c"'],
    })
  })

  it('tells destinations of different systems apart', () => {
    const to = (system: string, name: string): Partial<TestSpan> => ({
      kind: 'producer',
      attributes: { 'messaging.system': system, 'messaging.destination.name': name },
    })
    expect(drawn([to('kafka', 'orders'), to('rabbitmq', 'orders'), to('kafka', 'mail')])).toEqual({
      'messaging:kafka/orders': [1, 'orders'],
      'messaging:rabbitmq/orders': [1, 'orders'],
      'messaging:kafka/mail': [1, 'mail'],
    })
  })

  it('counts the statement, and not the connection below it', () => {
    const { 'db.query.text': _, ...connect } = db(at('h'))
    const store = storeOf([
      { id: 1, kind: 'client', took: 10, attributes: db(at('h')) },
      { id: 2, parent: 1, kind: 'client', took: 5, attributes: connect },
    ])
    const range = { from: undefined, to: undefined }
    const node = serviceMap(store, compileQuery(''), range).nodes.find(
      ({ type }) => type === 'database',
    )
    expect(node?.p95).toBe(10)
  })
})
