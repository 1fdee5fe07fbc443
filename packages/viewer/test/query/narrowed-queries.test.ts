import { describe, expect, it } from '@jest/globals'
import { ALIASES } from '../../src/model/conventions.ts'
import { compileQuery } from '../../src/query/compile-query.ts'
import { storeOf, type TestSpan, traceId } from '../spans.ts'

/** Trace `n` has `n` tenants, and as many numbers; below each tenant's span is one without any. */
const spans = Array.from({ length: 12 }, (_, trace) =>
  Array.from({ length: Math.max(1, trace) }, (_, index): TestSpan[] => {
    const at = { trace: trace + 1, at: index }
    const attributes = trace === 0 ? {} : { 'tenant.id': `t-${index}`, 'item.count': index }
    return [
      { ...at, id: 2 * index + 1, host: 'one', attributes },
      { ...at, id: 2 * index + 2, parent: 2 * index + 1 },
    ]
  }).flat(),
).flat()

describe('a query that tests the values of a trace before its spans', () => {
  const store = storeOf(spans)
  const traces = [...store.traces.values()]

  it.each([
    'tenant.id=t-0',
    'tenant.id=t-7',
    'tenant.id=t-10',
    'tenant.id=absent',
    'tenant.id=*',
    'tenant.id!=t-0',
    'tenant.id~^t-[89]$',
    'tenant.id!~t-0',
    'tenant.id:T-1',
    'tenant=t-3',
    'has:item.count',
    'item.count>6',
    'item.count=3',
    'host.name=one',
    'host.name=two',
    'tenant.id=t-2 item.count=2',
    'tenant.id=t-2 item.count=3',
    '!tenant.id=t-0',
    'tenant.id=t-1 !item.count=5',
  ])('finds the traces of which a span is asked for: %s', (text) => {
    const query = compileQuery(text)
    const [wanted, unwanted] = ['', '!'].map((sign) =>
      text
        .split(' ')
        .filter((term) => term.startsWith('!') === (sign === '!'))
        .map((term) => compileQuery(term.replace(/^!/, ''))),
    )
    const expected = traces.filter(
      (record) =>
        (wanted?.length === 0 ||
          record.spans.some((span) => wanted?.every((term) => term.span(span, record)))) &&
        !record.spans.some((span) => unwanted?.some((term) => term.span(span, record))),
    )
    const found = () => traces.filter((record) => query.trace(record))
    expect(found()).toEqual(expected)
    // What a trace has remembered the first time must say the same.
    expect(found()).toEqual(expected)
  })

  it('sees what was added to a trace since the last query', () => {
    const grown = storeOf(
      [1, 2, 3, 4, 5].map((id) => ({ id, attributes: { 'tenant.id': 'first' } })),
    )
    const finds = (value: string) =>
      [...grown.traces.values()]
        .filter((record) => compileQuery(`tenant.id=${value}`).trace(record))
        .map(({ id }) => id)
    expect([finds('first'), finds('second')]).toEqual([[traceId(1)], []])
    grown.take([{ id: 6, parent: 1, attributes: { 'tenant.id': 'second' } }])
    expect([finds('first'), finds('second')]).toEqual([[traceId(1)], [traceId(1)]])
  })

  it('tells a key with spaces in it from several keys of those names', () => {
    const joined = (ALIASES.get('tenant') ?? []).join(' ')
    const attributes = { 'tenant.id': 'acme', [joined]: 'other' }
    const confusing = storeOf([1, 2, 3, 4, 5].map((id) => ({ id, attributes })))
    const finds = (query: string) =>
      [...confusing.traces.values()].some((record) => compileQuery(query).trace(record))
    expect(joined).toContain(' ')
    for (const query of ['tenant=acme', `"${joined}"=other`, 'tenant=acme'])
      expect([query, finds(query)]).toEqual([query, true])
  })
})
