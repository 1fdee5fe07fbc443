import { describe, expect, it } from '@jest/globals'
import { createObjectStore } from '../src/call/object-store.ts'

describe('a value that is associated with an object', () => {
  it('is found for that object, be it frozen or not, and for no other', () => {
    const store = createObjectStore<string>()
    const open = {}
    const frozen = Object.freeze({})
    store.set(open, 'of the open one')
    store.set(frozen, 'of the frozen one')

    expect(store.get(open)).toBe('of the open one')
    expect(store.get(frozen)).toBe('of the frozen one')
    expect(store.get({})).toBeUndefined()
  })

  it('is not found for a copy of the object', () => {
    const store = createObjectStore<string>()
    const object = { name: 'one' }
    store.set(object, 'of the first')

    expect(store.get({ ...object })).toBeUndefined()
  })

  it('is not found once it is forgotten', () => {
    const store = createObjectStore<string>()
    const open = {}
    const frozen = Object.freeze({})
    for (const object of [open, frozen]) {
      store.set(object, 'once')
      store.forget(object)
      expect(store.get(object)).toBeUndefined()
    }
  })

  it('is not found in another store', () => {
    const [one, two] = [createObjectStore<string>(), createObjectStore<string>()]
    const object = {}
    one.set(object, 'of the one')

    expect(two.get(object)).toBeUndefined()
  })
})
