import { toMarkdown } from '../../src/analysis/write-markdown.ts'
import { createDecodeContext } from '../../src/otlp/decode-context.ts'
import { readOtlpJson } from '../../src/otlp/read-json.ts'
import { BASE, storeOf, type TestSpan, traceId } from '../spans.ts'

describe('A trace as Markdown', () => {
  it.each([
    [{ 'db.system.name': 'postgresql' }, '2 × postgresql, '],
    [{}, '2 ×, '],
  ])('says how often a statement was sent, and to what where %j tells', (system, words) => {
    const attributes = { 'db.query.text': 'SELECT 1', ...system }
    const store = storeOf([
      { id: 1, took: 10 },
      { id: 2, parent: 1, at: 1, took: 2, kind: 'client', attributes },
      { id: 3, parent: 1, at: 4, took: 3, kind: 'client', attributes },
    ])
    const [record] = store.traces.values()
    if (record === undefined) throw new Error('the trace is not there')
    expect(toMarkdown(record, store)).toContain(
      `\n${words}5 ms in total, 3 ms at most:\n\n\`\`\`sql\nSELECT 1\n`,
    )
  })

  it('folds what was done again and again into one row, but not what failed', () => {
    const attributes = { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT n FROM item' }
    const many = Array.from({ length: 40 }, (_, at) => ({
      ...{ id: 10 + at, parent: 1, name: 'SELECT', kind: 'client' as const, attributes },
      ...{ at: 1 + at, took: 0.5, error: at === 20 },
    }))
    const store = storeOf([{ id: 1, name: 'list', took: 50 }, ...many])
    const [record] = store.traces.values()
    if (record === undefined) throw new Error('the trace is not there')
    const rows = toMarkdown(record, store)
      .split('\n')
      .filter((line) => /^ *- orders/.test(line))
    expect(rows.slice(0, 4)).toEqual([
      '- orders list: 50 ms at 0 ms',
      '  - orders SELECT (SELECT item): 0.5 ms at 1 ms, 20 times in a row, 10 ms in all',
      '  - orders SELECT (SELECT item): 0.5 ms at 21 ms **error**',
      '  - orders SELECT (SELECT item): 0.5 ms at 22 ms, 19 times in a row, 9.5 ms in all',
    ])
  })
})

describe('The Markdown of a large trace', () => {
  const long = 'column_with_a_long_name, '.repeat(60)
  const stack = `Error: no stock\n${'    at reserve (/srv/app/src/reserve.ts:12:7)\n'.repeat(60)}`
  const spans: TestSpan[] = [
    { id: 1, service: 'gateway', name: 'POST /orders', kind: 'server', took: 2000, error: true },
    ...Array.from(
      { length: 900 },
      (_, at): TestSpan => ({
        ...{ id: 10 + at, parent: at % 3 === 0 ? 1 : 9 + at, service: `service-${at % 40}` },
        ...{ name: `step ${at} of a request`, at: at + 1, took: 1 + (at % 7) },
        attributes:
          at % 2 === 0
            ? { 'db.system.name': 'postgresql', 'db.query.text': `SELECT ${long}${at} FROM t${at}` }
            : { 'app.note': 'x'.repeat(3000) },
      }),
    ),
    {
      ...{ id: 2000, parent: 909, service: 'inventory', name: 'reserve', at: 950, took: 5 },
      error: 'no stock',
      attributes: { 'item.id': 'sku-17' },
      events: [{ name: 'exception', at: 951, attributes: { 'exception.stacktrace': stack } }],
    },
  ]

  it('is at most 8 KiB, and still says what failed, where, and with which attributes', () => {
    const store = storeOf(spans)
    const [record] = store.traces.values()
    if (record === undefined) throw new Error('the trace is not there')
    const text = toMarkdown(record, store)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192)
    expect(text).toContain('**Failed in inventory: reserve (no stock)**')
    expect(text).toMatch(/^ +- inventory reserve: 5 ms at 950 ms \*\*error\*\*$/m)
    expect(text).toMatch(/^- … and 8\d\d more spans$/m)
    expect(text).toContain('- inventory reserve: item.id=sku-17')
    expect(text).toMatch(/^… and \d+ other statements$/m)
    expect(text).toContain('at reserve (/srv/app/src/reserve.ts:12:7)')
  })
})

describe('The log lines in Markdown', () => {
  it('are all there, and of too many the warnings and errors first, in order of time', () => {
    const store = storeOf([{ id: 1, name: 'list', took: 50 }])
    const record = (at: number, severityNumber: number, body: string) => ({
      ...{ traceId: traceId(1), severityNumber, body: { stringValue: body } },
      timeUnixNano: `${BigInt(BASE + at) * 1_000_000n}`,
    })
    const lines = Array.from({ length: 400 }, (_, at) =>
      at === 390 ? record(at, 17, 'payment *refused*') : record(at, 9, `line ${at}`),
    )
    store.add(
      readOtlpJson(
        { resourceLogs: [{ scopeLogs: [{ logRecords: lines }] }] },
        createDecodeContext(),
      ),
    )
    const [trace] = store.traces.values()
    if (trace === undefined) throw new Error('the trace is not there')
    const said = toMarkdown(trace, store).split('## Log lines\n\n')[1]?.trim().split('\n') ?? []
    expect(said[0]).toMatch(/^- 0 ms info \S+: line 0$/)
    expect(said.at(-2)).toMatch(/^- 390 ms error \S+: payment \\\*refused\\\*$/)
    expect(said.at(-1)).toBe('- … and 350 more lines')
  })
})
