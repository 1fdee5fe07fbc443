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
})
