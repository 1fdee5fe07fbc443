import { describe, expect, it } from '@jest/globals'
import { createBeside } from '../src/call/beside.ts'

describe('what is kept beside an object', () => {
  it('is there again for that object, be it frozen or not, and for no other', () => {
    const kept = createBeside<string>()
    const open = {}
    const frozen = Object.freeze({})
    kept.set(open, 'of the open one')
    kept.set(frozen, 'of the frozen one')

    expect(kept.get(open)).toBe('of the open one')
    expect(kept.get(frozen)).toBe('of the frozen one')
    expect(kept.get({})).toBeUndefined()
  })

  it('does not go along when the object is copied', () => {
    const kept = createBeside<string>()
    const object = { name: 'one' }
    kept.set(object, 'of the first')

    expect(kept.get({ ...object })).toBeUndefined()
  })

  it('stays apart from what others keep beside the same object', () => {
    const [one, two] = [createBeside<string>(), createBeside<string>()]
    const object = {}
    one.set(object, 'of the one')

    expect(two.get(object)).toBeUndefined()
  })
})
