import { describe, expect, it } from '@jest/globals'
import { compareSince } from '../../src/analysis/compare/compare-since.ts'
import { compareTraces, compareWithUsual } from '../../src/analysis/compare/compare-traces.ts'
import { compileQuery } from '../../src/query/compile-query.ts'
import { changesText, comparisonText } from '../../src/text/compare-text.ts'
import { PLAIN_STYLE } from '../../src/text/style.ts'
import { BASE, storeOf, type TestSpan, traceId } from '../spans.ts'

const sql = (text: string) => ({ 'db.system.name': 'postgresql', 'db.query.text': text })
const ITEM = 'SELECT * FROM item WHERE id = $1'
const STOCK = 'SELECT n FROM stock FOR UPDATE'

interface Given {
  readonly items?: number
  readonly stock?: number
  readonly error?: string
  readonly extra?: readonly TestSpan[]
  readonly at?: number
}

/** A request through two services: a statement for each item, and one for the stock. */
function request(trace: number, given: Given = {}): TestSpan[] {
  const { items = 2, stock = 5, error, extra = [], at = 0 } = given
  const failed = error === undefined ? {} : { error }
  const took = 20 + stock + items
  return [
    {
      trace,
      id: 1,
      service: 'gateway',
      name: 'POST /orders',
      kind: 'server',
      at,
      took,
      error: error !== undefined,
    },
    {
      trace,
      id: 2,
      parent: 1,
      service: 'orders',
      name: `reserve /orders/${trace}`,
      at: at + 1,
      took: took - 2,
    },
    ...Array.from(
      { length: items },
      (_, index): TestSpan => ({
        ...{ trace, id: 10 + index, parent: 2, service: 'orders', name: 'SELECT', kind: 'client' },
        ...{ at: at + 2 + index, took: 1, attributes: sql(ITEM.replace('$1', String(index))) },
      }),
    ),
    {
      ...{ trace, id: 3, parent: 2, service: 'orders', name: 'SELECT', kind: 'client' },
      ...{ at: at + 2 + items, took: stock, attributes: sql(STOCK), ...failed },
    },
    ...extra.map((span) => ({ ...span, trace, at: at + 3 })),
  ]
}

const compared = (before: Given, after: Given) => {
  const store = storeOf([...request(1, before), ...request(2, after)])
  const [a, b] = [store.traces.get(traceId(1)), store.traces.get(traceId(2))]
  if (a === undefined || b === undefined) throw new Error('a trace is not there')
  return compareTraces(a, b, store)
}
const changesOf = ({ rows }: ReturnType<typeof compared>) =>
  rows.flatMap(({ change, statement, name }) => (change ? [`${change} ${statement ?? name}`] : []))

describe('Two traces next to each other', () => {
  it('are alike where ids and values differ alone', () => {
    const { text, rows } = compared({}, {})
    expect(text).toBe('27 ms instead of 27 ms; no row is other')
    expect(rows.map(({ depth, before, after }) => [depth, before.count, after.count])).toEqual([
      ...[
        [0, 1, 1],
        [1, 1, 1],
      ],
      ...[
        [2, 2, 2],
        [2, 1, 1],
      ],
    ])
  })

  it.each<[what: string, before: Given, after: Given, changes: string[], text: string]>([
    [
      'what is slower',
      {},
      { stock: 300 },
      ['slower POST /orders', 'slower reserve /orders/2', `slower ${STOCK}`],
      `322 ms instead of 27 ms: orders: ${STOCK} took 300 ms instead of 5 ms`,
    ],
    [
      'what is repeated',
      {},
      { items: 60 },
      ['slower POST /orders', 'slower reserve /orders/2', `repeated ${ITEM.replace('$1', '0')}`],
      '85 ms instead of 27 ms: orders: SELECT * FROM item WHERE id = 0 runs 60 times instead of 2',
    ],
    [
      'what is fewer',
      { items: 5 },
      { items: 1 },
      [`fewer ${ITEM.replace('$1', '0')}`],
      '26 ms instead of 30 ms: orders: SELECT * FROM item WHERE id = 0 runs 1 times instead of 5',
    ],
    [
      'what fails',
      {},
      { error: 'no stock' },
      ['failed POST /orders', `failed ${STOCK}`],
      `27 ms instead of 27 ms: orders: ${STOCK} fails`,
    ],
    [
      'what no longer fails',
      { error: 'no stock' },
      {},
      ['mended POST /orders', `mended ${STOCK}`],
      `27 ms instead of 27 ms: orders: ${STOCK} no longer fails`,
    ],
    [
      'what is new, with what is below it',
      {},
      {
        extra: [
          { id: 30, parent: 2, service: 'mailer', name: 'send mail', took: 3 },
          { id: 31, parent: 30, service: 'smtp', name: 'deliver', took: 1 },
        ],
      },
      ['new send mail', 'new deliver'],
      '27 ms instead of 27 ms: mailer: send mail is new',
    ],
    [
      'what is gone',
      { extra: [{ id: 30, parent: 1, service: 'cache', name: 'get', took: 2 }] },
      {},
      ['gone get'],
      '27 ms instead of 27 ms: cache: get is gone',
    ],
  ])('say %s', (_what, before, after, changes, text) => {
    const found = compared(before, after)
    expect(changesOf(found)).toEqual(changes)
    expect(found.text).toBe(text)
  })

  it('are compared from their roots on, also when these have other names', () => {
    const store = storeOf([
      ...[
        { trace: 1, id: 1, name: 'GET /old', took: 5 },
        { trace: 1, id: 2, parent: 1, name: 'a' },
      ],
      ...[
        { trace: 2, id: 1, name: 'GET /new', took: 5 },
        { trace: 2, id: 2, parent: 1, name: 'a' },
      ],
    ])
    const [a, b] = [...store.traces.values()]
    if (a === undefined || b === undefined) throw new Error('a trace is not there')
    expect(compareTraces(a, b, store).rows.map(({ change }) => change)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('may be deep, or a circle', () => {
    const chain = (trace: number): TestSpan[] =>
      Array.from({ length: 5000 }, (_, at) => ({
        trace,
        id: at + 1,
        ...(at > 0 ? { parent: at } : {}),
      }))
    const store = storeOf([
      ...[...chain(1), ...chain(2)],
      ...[
        { trace: 3, id: 1, parent: 2 },
        { trace: 3, id: 2, parent: 1 },
      ],
    ])
    const [a, b, circle] = [...store.traces.values()]
    if (!a || !b || !circle) throw new Error('a trace is not there')
    expect(compareTraces(a, b, store).rows.length).toBeGreaterThan(100)
    expect(compareTraces(a, circle, store).rows.length).toBeGreaterThan(0)
    expect(compareTraces(circle, circle, store).rows).toEqual([])
  })

  it('are read in a terminal', () => {
    const text = comparisonText(compared({}, { items: 60, stock: 300 }), PLAIN_STYLE, 60)
    const lines = text.split('\n')
    expect(lines[0]).toContain(`orders: ${STOCK} took 300 ms instead of 5 ms`)
    expect(lines.find((line) => line.includes('FROM item'))).toMatch(
      /^ {4}orders: SELECT \* FROM item WHERE id = 0 +2 × 2 ms +60 × 60 ms {2}repeated$/,
    )
    expect(comparisonText(compared({}, { items: 60 }), PLAIN_STYLE, 2)).toContain('… 2 more rows')
  })
})

describe('A trace next to the median of its operation', () => {
  it('says what is other than usual; those that failed are not usual', () => {
    const others = Array.from({ length: 11 }, (_, at) => request(10 + at, { stock: 4 + (at % 3) }))
    const store = storeOf([
      ...others.flat(),
      ...request(50, { error: 'x', stock: 900 }),
      ...request(60, { stock: 400 }),
    ])
    const record = store.traces.get(traceId(60))
    if (record === undefined) throw new Error('the trace is not there')
    const found = compareWithUsual(record, store)
    expect(found).toMatchObject({ of: 11, usual: 27, before: undefined })
    expect(found?.text).toBe(
      `422 ms instead of 27 ms: orders: ${STOCK} took 400 ms instead of 5 ms`,
    )
  })

  it('is not there when no other is', () => {
    const store = storeOf(request(1))
    const [record] = store.traces.values()
    expect(record && compareWithUsual(record, store)).toBeUndefined()
  })
})

describe('Before and after a moment', () => {
  const traces = (from: number, count: number, given: Given) =>
    Array.from({ length: count }, (_, at) => request(from + at, given)).flat()
  const health = (from: number, at: number): TestSpan[] =>
    Array.from({ length: 5 }, (_, each) => ({
      trace: from + each,
      id: 1,
      name: 'health',
      at,
      took: 2,
    }))
  const store = storeOf([
    ...traces(10, 20, {}),
    ...traces(40, 3, { at: 5000, items: 41, stock: 100 }),
    ...traces(50, 1, { at: 5000, error: 'no stock' }),
    ...[...health(200, 0), ...health(300, 5000)],
    { trace: 400, id: 1, name: 'old job', took: 2 },
    { trace: 401, id: 1, name: 'new job', at: 5000, took: 2 },
  ])
  const answer = compareSince(store, compileQuery(''), { since: BASE + 1000, from: undefined })

  it('says for each operation what is other, the worst first', () => {
    expect(answer.operations.map(({ name, changes, isWorse }) => [name, changes, isWorse])).toEqual(
      [
        [
          'POST /orders',
          ['errors 0 of 20 → 1 of 4', 'statements 3 → 42', 'spans 5 → 44', 'p50 27 ms → 161 ms'],
          true,
        ],
        ['new job', ['is new'], false],
        ['old job', ['has not run since'], false],
        ['health', [], false],
      ],
    )
    const [worst] = answer.operations
    expect(worst?.before).toEqual({ traces: 20, spans: 5, statements: 3, p50: 27, errors: 0 })
    expect(worst?.sample).toMatch(/^0+(?:28|29|2a|32)$/)
  })

  it('is read in a terminal', () => {
    const text = changesText(answer, PLAIN_STYLE)
    expect(text).toMatch(
      /^Since 2026-.*:\n\n! gateway POST \/orders\n {2}errors 0 of 20 → 1 of 4, /,
    )
    expect(text).toContain('before nothing; after 1 trace of 1 span, 0 statements, p50 2 ms')
    expect(text).toMatch(/\n1 operation is as before\.\n$/)
  })

  it('is asked with a query', () => {
    const asked = { since: BASE + 1000, from: undefined }
    const { operations } = compareSince(store, compileQuery('name=health'), asked)
    expect(operations.map(({ name }) => name)).toEqual(['health'])
  })
})
