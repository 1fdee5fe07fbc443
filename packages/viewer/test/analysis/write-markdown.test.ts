import { toMarkdown } from '../../src/analysis/write-markdown.ts'
import { storeOf } from '../spans.ts'

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
