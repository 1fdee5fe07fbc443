import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTracestate, formatTracestate, parseTracestate } from '../../src/w3c/tracestate.ts'
import { almost, textOf } from '../reference/header-arbitrary.ts'
import { readTracestate, truncateTracestate } from '../reference/tracestate.ts'

const key = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z0-9][a-z0-9_*/@-]{0,8}$/) },
  fc.constantFrom('k'.repeat(256), 'k'.repeat(257)),
)
const value = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[ -+\--<>-~]{0,200}[!-+\--<>-~]$/) },
  fc.constantFrom('v'.repeat(126), 'v'.repeat(256), 'v'.repeat(257)),
)
const member = fc.tuple(key, value)
const list = fc
  .array(
    fc.oneof({ weight: 9, arbitrary: member.map((pair) => pair.join('=')) }, fc.constant(' ')),
    {
      maxLength: 35,
      size: 'max',
    },
  )
  .map((members) => members.join(','))

describe('tracestate', () => {
  it('is read as the grammar says', () => {
    const any = fc.oneof(almost(list), textOf(['a', '=', ',', ' ', 'b=1', '\t', 'a=1'], 120))
    fc.assert(
      fc.property(any, (header) => {
        const members = readTracestate(header)
        const state = parseTracestate(header)
        expect(state?.serialize()).toBe(members?.map((pair) => pair.join('=')).join(','))
        for (const [name, text] of members ?? []) expect(state?.get(name)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  it('is truncated as the specification says', () => {
    fc.assert(
      fc.property(list, (header) => {
        const state = parseTracestate(header)
        fc.pre(state !== undefined)
        const members = readTracestate(header)?.map((pair) => pair.join('=')) ?? []
        const sent = truncateTracestate(members).join(',')
        expect(formatTracestate(state)).toBe(sent === '' ? undefined : sent)
      }),
      { numRuns: 500 },
    )
  })

  it('takes what is set, at the left, never twice, never more than 32', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 40, size: 'max' }), (members) => {
        let state = createTracestate()
        for (const [name, text] of members) {
          const legal = name.length <= 256 && text.length <= 256
          state = state.set(name, text)
          if (legal) expect(state.serialize().startsWith(`${name}=${text}`)).toBe(true)
        }
        const keys = (readTracestate(state.serialize()) ?? []).map(([name]) => name)
        const expected = members.filter(([name, text]) => name.length <= 256 && text.length <= 256)
        expect(keys).toEqual([...new Set(expected.map(([name]) => name).reverse())].slice(0, 32))
      }),
      { numRuns: 100 },
    )
  })
})
