import { describe, expect, it } from '@jest/globals'
import { pickRows } from '../../src/analysis/pick-rows.ts'
import { screenStyle } from '../../src/cli/screen.ts'
import { columnsOf, cutTo, fitted, inked, oneLine, PLAIN_STYLE } from '../../src/text/style.ts'

describe('Text for a terminal', () => {
  it.each([
    ['abc', 3],
    ['库存', 4],
    ['e\u0301', 1],
    ['📦 x', 4],
  ])('knows that %j takes %d columns', (text, columns) => {
    expect(columnsOf(text)).toBe(columns)
  })

  it('is cut and filled to a number of columns', () => {
    expect(cutTo('库存 service', 6)).toBe('库存 …')
    expect(cutTo('库存', 2)).toBe('…')
    expect(cutTo('abc', 0)).toBe('')
    expect(fitted('ab', 4)).toBe('ab  ')
  })

  it('does nothing that a sender has asked of the terminal', () => {
    expect(oneLine('a\u001b]0;x\u0007b\r\nc\u202ed')).toBe('a ]0;x b c d')
  })

  it.each([
    [{ isTTY: true, columns: 80 }, {}, { width: 80, hasColour: true }],
    [{ isTTY: true, columns: 80 }, { NO_COLOR: '1' }, { width: 80, hasColour: false }],
    [{ isTTY: true, columns: 80 }, { TERM: 'dumb' }, { width: 80, hasColour: false }],
    [{ isTTY: false, columns: 80 }, {}, PLAIN_STYLE],
    [{ isTTY: false, columns: 80 }, { COLUMNS: '66' }, { width: 66, hasColour: false }],
    [{ isTTY: true, columns: 10 }, {}, { width: 40, hasColour: true }],
    [{ isTTY: true, columns: 999 }, {}, { width: 200, hasColour: true }],
  ])('fits %j with %j', (to, environment, style) => {
    expect(screenStyle(to as NodeJS.WriteStream, environment)).toEqual(style)
  })

  it('has colours only where they are wanted', () => {
    expect(inked(PLAIN_STYLE, 'red', 'a')).toBe('a')
    expect(inked({ width: 80, hasColour: true }, 'red', 'a')).toBe('\u001b[31ma\u001b[39m')
  })
})

describe('The rows that say most', () => {
  const rows = [0, 1, 2, 2, 1, 2].map((depth, at) => ({ depth, weight: at }))

  it('come with all rows above them, in order', () => {
    expect(pickRows(rows, 3)).toEqual([0, 4, 5])
    expect(pickRows(rows, 4)).toEqual([0, 1, 4, 5])
    expect(pickRows(rows, 6)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('leave out what does not fit with those above it', () => {
    expect(pickRows(rows, 2)).toEqual([0, 4])
    expect(pickRows(rows, 1)).toEqual([0])
  })
})
