import { describe, expect, it } from '@jest/globals'
import { headlineOf } from '../../src/analysis/headline/headline.ts'
import { summarise } from '../../src/analysis/trace-summary.ts'
import { toMarkdown } from '../../src/analysis/write-markdown.ts'
import type { AttributeValue } from '../../src/model/attribute-value.ts'
import { storeOf, type TestSpan, traceId } from '../spans.ts'

type Attributes = Record<string, AttributeValue>

const sentenceOf = (spans: TestSpan[], trace = 1) => {
  const store = storeOf(spans)
  const record = store.traces.get(traceId(trace))
  if (record === undefined) throw new Error('the trace is not there')
  return headlineOf(record, store)
}
const server = (more: Partial<TestSpan> = {}): TestSpan => ({
  ...{ id: 1, service: 'gateway', name: 'POST /orders', kind: 'server', took: 100, ...more },
})
const failed = (more: Partial<TestSpan> = {}) => server({ error: true, ...more })
const inner = (more: Partial<TestSpan> = {}): TestSpan => ({
  ...{ id: 2, parent: 1, service: 'orders', name: 'reserve', at: 10, took: 20, ...more },
})
const statement = (text: string, more: Partial<TestSpan> = {}, and: Attributes = {}): TestSpan =>
  inner({
    ...{ name: 'query', kind: 'client', service: 'inventory' },
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': text, ...and },
    ...more,
  })
const exception = (type: string, message: string, at = 15) => [
  { name: 'exception', at, attributes: { 'exception.type': type, 'exception.message': message } },
]
const message = (more: Partial<TestSpan> = {}): TestSpan => ({
  ...{ id: 3, parent: 2, service: 'billing', name: 'process orders', kind: 'consumer' },
  ...{ at: 80, took: 20, attributes: queue, ...more },
})
const queue = { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' }
const send: TestSpan = inner({ name: 'send orders', kind: 'producer', attributes: queue })
/** Twenty traces of the same request, as it usually is; the statement in it takes 4 ms. */
const usually = (took = 20): TestSpan[] =>
  Array.from({ length: 20 }, (_, at) => [
    server({ trace: 100 + at, took }),
    statement('select stock from shelf', { trace: 100 + at, took: 4 }),
  ]).flat()

const lines: readonly (readonly [sentence: string, spans: TestSpan[]])[] = [
  // What failed.
  [
    'Failed in inventory: UPDATE shelf (23514: stock_not_negative)',
    [
      failed(),
      statement(
        'UPDATE shelf SET n = $1',
        { error: 'stock_not_negative' },
        {
          'db.response.status_code': '23514',
        },
      ),
    ],
  ],
  [
    'Failed in orders: reserve (TypeError: no stock)',
    [failed(), inner({ error: true, events: exception('TypeError', 'no stock') })],
  ],
  ['Failed in gateway: POST /orders', [failed()]],
  [
    'Failed in gateway: POST /orders (HTTP 503)',
    [failed({ attributes: { 'http.response.status_code': 503 } })],
  ],
  [
    'Failed in orders: reserve (timeout)',
    [failed(), inner({ error: true, attributes: { 'error.type': 'timeout' } })],
  ],
  [
    'Failed in orders: reserve',
    [failed(), inner({ error: true, attributes: { 'error.type': '_OTHER' } })],
  ],
  [
    'Failed in gateway: GET (connect ECONNREFUSED)',
    [
      failed(),
      inner({
        ...{ service: 'gateway', name: 'GET', kind: 'client', error: 'connect ECONNREFUSED' },
        attributes: { 'error.type': 'ECONNREFUSED', 'http.request.method': 'GET' },
      }),
    ],
  ],
  [
    'Failed in orders: reserve (HTTP 500: boom)',
    [failed(), inner({ error: 'boom', attributes: { 'http.status_code': 500 } })],
  ],
  [
    'Failed in orders: one (first), and 1 more',
    [
      failed(),
      inner({ name: 'two', id: 3, at: 40, error: 'second' }),
      inner({ name: 'one', error: 'first' }),
    ],
  ],
  [
    'Failed in c: deepest (gone)',
    [
      failed(),
      inner({ service: 'b', error: true }),
      inner({ id: 3, parent: 2, service: 'c', name: 'deepest', error: 'gone' }),
    ],
  ],
  [
    'Survived a failure in orders: reserve (timeout)',
    [server(), inner({ error: 'timeout' }), inner({ id: 3, at: 40 })],
  ],
  [
    'Answered 409, with a failure in orders: reserve (conflict)',
    [server({ attributes: { 'http.response.status_code': 409 } }), inner({ error: 'conflict' })],
  ],
  [
    'Survived a failure in billing: handling a message of orders (card refused)',
    [server(), send, message({ error: 'card refused' }), message({ id: 4, at: 95 })],
  ],
  [
    'Failed in billing: handling a message of orders (nack)',
    [
      {
        ...message({ error: true, attributes: { ...queue, 'error.type': 'nack' } }),
        parent: undefined as never,
      },
    ],
  ],
  [
    'Failed in orders: sending to orders (MESSAGE_TOO_LARGE)',
    [
      failed(),
      { ...send, error: true, attributes: { ...queue, 'error.type': 'MESSAGE_TOO_LARGE' } },
    ],
  ],
  [
    'Failed in orders: reserve (14: unavailable)',
    [failed(), inner({ error: 'unavailable', attributes: { 'rpc.grpc.status_code': 14 } })],
  ],
  [`Failed in orders: reserve (${'x'.repeat(99)}…)`, [failed(), inner({ error: 'x'.repeat(500) })]],
  ['Failed in orders: reserve (two lines)', [failed(), inner({ error: 'two\n  lines' })]],
  [
    'Failed in orders: reserve (RangeError: last)',
    [
      failed(),
      inner({
        error: true,
        events: [...exception('TypeError', 'first'), ...exception('RangeError', 'last', 18)],
      }),
    ],
  ],
  // What was repeated.
  [
    'The same statement 12 times in inventory: select item (24 ms of 100 ms)',
    [
      server(),
      ...Array.from({ length: 12 }, (_, at) =>
        statement(`select * from item where id = ${at}`, { id: 10 + at, at: at * 3, took: 2 }),
      ),
    ],
  ],
  // What waited.
  ['50 ms of 100 ms: waiting in orders', [server({ took: 40 }), send, message()]],
  [
    'Took 100 ms, most of it in billing: handling a message of orders',
    [server({ took: 35 }), send, message({ at: 31, took: 69 })],
  ],
  // What took the time, and how unusual it is.
  [
    '80 ms of 100 ms: inventory: select shelf, 20× its median',
    [...usually(), server(), statement('select stock from shelf', { took: 80 })],
  ],
  [
    '100 ms, 5.0× the median of POST /orders; 90 ms of it in pay: charge',
    [...usually(), server(), inner({ service: 'pay', name: 'charge', at: 5, took: 90 })],
  ],
  ['100 ms: gateway: POST /orders, 5.0× its median', [...usually(), server()]],
  ['Nothing unusual: 25 ms', [...usually(), server({ took: 25 }), inner({ took: 3 })]],
  [
    'Nothing unusual: 30 ms, most of it in pay: charge',
    [
      ...usually(),
      server({ took: 30 }),
      inner({ service: 'pay', name: 'charge', at: 2, took: 25 }),
    ],
  ],
  ['Nothing unusual: 2.5 ms', [...usually(2), server({ took: 2.5 })]],
  ['Took 100 ms', [server()]],
  ['Took 100 ms, most of it in orders: reserve', [server(), inner({ at: 0, took: 80 })]],
  ['Took 310 µs', [server({ took: 0.31 })]],
  ['Took 1 m 5 s', [server({ took: 65_000 })]],
  ['Answered 404 in 100 ms', [server({ attributes: { 'http.response.status_code': 404 } })]],
  // What is not known.
  ['Not whole: what called orders was not received', [inner()]],
  [
    'Not whole: some of its spans were not received, or not kept',
    [server(), inner({ parent: 77 })],
  ],
]

describe('One sentence says of a trace', () => {
  it.each(lines)('%s', (sentence, spans) => {
    expect(sentenceOf(spans).text).toBe(sentence)
  })

  it('also in Markdown, which is short for every one of these traces', () => {
    expect(lines.length).toBeGreaterThanOrEqual(30)
    for (const [sentence, spans] of lines) {
      const store = storeOf(spans)
      const record = store.traces.get(traceId(1))
      if (record === undefined) throw new Error('the trace is not there')
      const markdown = toMarkdown(record, store)
      expect([sentence, Buffer.byteLength(markdown) <= 8192]).toEqual([sentence, true])
      expect(markdown.replaceAll('\\', '')).toContain(sentence)
    }
  })

  it('the span that it is about', () => {
    const spans = [failed(), inner({ error: true }), inner({ id: 7, parent: 2, error: 'gone' })]
    expect(sentenceOf(spans)).toMatchObject({ kind: 'failed', span: '0000000000000007' })
  })

  it('the same in the list and in Markdown', () => {
    const store = storeOf([failed(), inner({ error: 'gone' })])
    const record = store.traces.get(traceId(1))
    if (record === undefined) throw new Error('the trace is not there')
    const { text } = summarise(record, store).headline
    expect(text).toBe('Failed in orders: reserve (gone)')
    expect(toMarkdown(record, store)).toContain('**Failed in orders: reserve (gone)**')
  })

  it('what is known now: another one when more of it has come', () => {
    const store = storeOf([server()])
    const said = () => {
      const record = store.traces.get(traceId(1))
      return record && headlineOf(record, store).text
    }
    expect(said()).toBe('Took 100 ms')
    store.take([inner({ error: 'late' })])
    expect(said()).toBe('Survived a failure in orders: reserve (late)')
  })
})
