import { describe, expect, it } from '@jest/globals'
import { readKnownMethods } from '../../src/http/known-methods.ts'

describe('readKnownMethods', () => {
  it('knows the methods of RFC 9110, PATCH and QUERY', () => {
    const known = readKnownMethods('')
    for (const method of ['GET', 'HEAD', 'POST', 'PATCH', 'QUERY']) expect(known).toContain(method)
    expect(known).not.toContain('PROPFIND')
    expect(known).not.toContain('get')
  })

  it('takes another list in its place, as it is written', () => {
    expect([...readKnownMethods(' GET, PROPFIND ,')]).toEqual(['GET', 'PROPFIND'])
  })

  it('keeps the default for a list of nothing', () => {
    expect(readKnownMethods(' , ')).toContain('GET')
  })
})
