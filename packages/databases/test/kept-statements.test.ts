import { describe, expect, it } from '@jest/globals'
import { createStatementReader } from '../src/sql/statement.ts'

describe('what was found out about a statement', () => {
  it('is the same object when it comes again, with bound values and without', () => {
    const { read } = createStatementReader('postgresql')
    const text = 'SELECT a FROM orders WHERE b = $1'

    expect(read(text, true)).toBe(read(text, true))
    expect(read(text, true)).toEqual({ text, summary: 'SELECT orders' })
    expect(read(text, false)).toEqual({ text, summary: 'SELECT orders' })
  })

  it('is kept for as long as there is room, the latest the longest', () => {
    const { read } = createStatementReader('postgresql')
    const text = (at: number): string => `SELECT a_${at} FROM orders ${'-- x'.repeat(900)}\n`
    const first = read(text(0), true)
    const latest = Array.from({ length: 700 }, (_, at) => read(text(at + 1), true)).at(-1)

    expect(read(text(700), true)).toBe(latest)
    expect(read(text(0), true)).not.toBe(first)
    expect(read(text(0), true)).toEqual(first)
  })

  it('is not kept where the values are a part of the text', () => {
    const { read } = createStatementReader('postgresql')

    expect(read("SELECT 'secret'", false)).not.toBe(read("SELECT 'secret'", false))
    expect(read("SELECT 'secret'", false)).toEqual({ text: 'SELECT ?', summary: 'SELECT' })
  })
})
