import { describe, expect, it } from '@jest/globals'
import { brokenSpans, isWhole, slowSpan } from '../runner/chain.js'
import { slowOrder, span } from './spans.ts'

describe('a chain', () => {
  it('is whole once every span has come, in whatever order', () => {
    const spans = slowOrder()
    expect(isWhole(spans)).toBe(true)
    expect(isWhole(spans.toReversed())).toBe(true)
  })

  it.each([0, 1, 2])('is not whole without span %i', (missing) => {
    expect(isWhole(slowOrder().filter((_, index) => index !== missing))).toBe(false)
  })

  it('is whole once what was sent has been handled, or has failed for the last time', () => {
    const server = span({})
    const sent = span({ parentId: server.id, kind: 'producer' })
    const attempt = (failed: boolean, number: number) =>
      span({
        parentId: sent.id,
        kind: 'consumer',
        failed,
        attributes: { 'callchain.message.attempt': number },
      })
    expect(isWhole([server, sent])).toBe(false)
    expect(isWhole([server, sent, attempt(true, 1)])).toBe(false)
    expect(isWhole([server, sent, attempt(true, 1), attempt(false, 2)])).toBe(true)
    expect(isWhole([server, sent, attempt(true, 1), attempt(true, 2)])).toBe(true)
  })

  it('is slow by the time until its answer, not by what happens after it', () => {
    const order = slowOrder()
    const late = span({ kind: 'consumer', start: 9_000, end: 9_010, parentId: order[2]?.id })
    expect(slowSpan([...order, late])?.name).toBe('SELECT stock_level')
  })

  it('blames the slow statement, not the spans that waited for it', () => {
    expect(slowSpan(slowOrder())?.name).toBe('SELECT stock_level')
  })

  it('blames nobody when it was quick', () => {
    expect(slowSpan([span({ end: 20 })])).toBeUndefined()
  })

  it('is broken where the failure began, not in the spans that passed it on', () => {
    const outer = span({ failed: true, attributes: { 'http.response.status_code': 500 } })
    const inner = span({ failed: true, parentId: outer.id })
    expect(brokenSpans([outer, inner])).toEqual([inner])
  })

  it('is not broken by a call that was answered 409', () => {
    const call = { kind: 'client', failed: true } as const
    expect(
      brokenSpans([span({ ...call, attributes: { 'http.response.status_code': 409 } })]),
    ).toEqual([])
  })
})
