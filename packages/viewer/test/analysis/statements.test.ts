import { traceDetail } from '../../src/analysis/trace-detail.ts'
import { summarise } from '../../src/analysis/trace-summary.ts'
import type { AttributeValue } from '../../src/model/attribute-value.ts'
import { compileQuery } from '../../src/query/compile-query.ts'
import { storeOf, traceId } from '../spans.ts'

type Attributes = Record<string, AttributeValue>

/** A request with so many spans of a database below it, one after the other. */
const asked = (count: number, attributes: Attributes, name = 'op') => {
  const store = storeOf([
    { id: 1, kind: 'server', took: 100 },
    ...Array.from({ length: count }, (_, index) => ({
      ...{ id: index + 2, parent: 1, kind: 'client' as const, name, at: index * 2 + 0.1, took: 1 },
      attributes,
    })),
  ])
  const record = store.traces.get(traceId(1))
  if (record === undefined) throw new Error('The trace is not there.')
  const { statements, repeated } = summarise(record, store)
  const isDb = compileQuery('is:db')
  const found = record.spans.filter((span) => isDb.span(span, record)).length
  return { statements, repeated, found, groups: traceDetail(record, store).statements }
}

describe('What counts as a statement', () => {
  const postgres = { 'db.system': 'postgresql' }
  const redis = { 'db.system.name': 'redis' }

  it.each<[string, string, Attributes]>([
    ['a session reset of Go', 'sql.conn.reset_session', postgres],
    ['its rows', 'sql.rows', postgres],
    ['a wait for a pool', 'pg-pool.connect', { ...postgres, 'db.namespace': 'shop' }],
    ['a connection', 'pg.connect', { 'db.system.name': 'postgresql', 'server.port': 5432 }],
    [
      'a connection that says so as a statement',
      'connect',
      { ...redis, 'db.statement': 'connect' },
    ],
    ['a connection as an operation', 'connect', { ...redis, 'db.operation.name': 'CONNECT' }],
    ['a ping', 'ping', { 'db.system.name': 'mongodb', 'db.operation.name': 'ping' }],
  ])('is not %s', (_, name, attributes) => {
    expect(asked(12, attributes, name)).toEqual({
      statements: 0,
      repeated: 0,
      found: 0,
      groups: [],
    })
  })

  it.each<[string, Attributes]>([
    ['a text', { ...postgres, 'db.statement': 'select * from item where id = 7' }],
    [
      'an operation on a collection',
      { 'db.operation.name': 'find', 'db.collection.name': 'a', 'db.system.name': 'mongodb' },
    ],
    ['a command', { ...redis, 'db.operation.name': 'GET' }],
    ['a command that SQL has for its sessions', { ...redis, 'db.query.text': 'SET ? ?' }],
    ['a summary', { ...postgres, 'db.query.summary': 'SELECT item' }],
  ])('is %s', (_, attributes) => {
    expect(asked(12, attributes)).toMatchObject({ statements: 12, repeated: 12, found: 12 })
  })

  it.each<[string, Attributes]>([
    ['BEGIN', postgres],
    ['COMMIT', postgres],
    ['SET LOCAL search_path TO a', postgres],
    ['DISCARD ALL', postgres],
    ['MULTI', redis],
  ])('%s is one, but never N+1', (text, system) => {
    expect(asked(12, { ...system, 'db.query.text': text })).toMatchObject({
      statements: 12,
      repeated: 0,
    })
  })

  it('tells operations on different collections apart, whatever the spans are called', () => {
    const store = storeOf([
      { id: 1, kind: 'server', took: 100 },
      ...Array.from({ length: 12 }, (_, index) => ({
        ...{ id: index + 2, parent: 1, name: 'op', at: index * 2, took: 1 },
        attributes: {
          'db.system.name': 'mongodb',
          'db.operation.name': 'find',
          'db.collection.name': index % 2 === 0 ? 'a' : 'b',
        },
      })),
    ])
    const [record] = store.traces.values()
    expect(record && summarise(record, store)).toMatchObject({ statements: 12, repeated: 0 })
  })

  it('lists equal texts once for each system, with their share of the trace, most time first', () => {
    const text = 'SELECT 1'
    const asked = (id: number, system: string, at: number, took: number) => ({
      ...{ id, parent: 1, kind: 'client' as const, name: 'SELECT', at, took },
      attributes: { 'db.system.name': system, 'db.query.text': text },
    })
    const store = storeOf([
      { id: 1, kind: 'server', took: 100 },
      asked(2, 'mysql', 1, 5),
      asked(3, 'postgresql', 10, 15),
      asked(4, 'postgresql', 30, 5),
    ])
    const [record] = store.traces.values()
    expect(record && traceDetail(record, store).statements).toMatchObject([
      { system: 'postgresql', text, count: 2, total: 20, share: 0.2 },
      { system: 'mysql', text, count: 1, total: 5, share: 0.05 },
    ])
  })
})
