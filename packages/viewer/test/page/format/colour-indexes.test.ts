import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { colourIndexes, wantedColour } from '../../../page/format/colour-indexes.ts'

const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 14 })

describe('The colours of services', () => {
  it('are the one that the name asks for, whichever services are there, unless it is taken', () => {
    fc.assert(
      fc.property(names, (services) => {
        const [first] = services
        const colours = colourIndexes(services)
        if (first !== undefined) expect(colours.get(first)).toBe(wantedColour(first))
        expect(colourIndexes(services)).toEqual(colours)
      }),
    )
  })

  it('differ while there are colours left', () => {
    fc.assert(
      fc.property(names, (services) => {
        const used = new Set(colourIndexes(services).values())
        expect(used.size).toBe(Math.min(10, services.length))
      }),
    )
  })

  it('stay when another service comes', () => {
    fc.assert(
      fc.property(names, (services) => {
        const before = colourIndexes(services.slice(0, -1))
        const after = colourIndexes(services)
        for (const [service, colour] of before) expect(after.get(service)).toBe(colour)
      }),
    )
  })
})
