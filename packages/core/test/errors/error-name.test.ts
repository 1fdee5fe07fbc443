import { describe, expect, it } from '@jest/globals'
import { rootCause } from '../../src/client/error.ts'
import { errorName } from '../../src/errors/error-name.ts'

class OutOfStock extends Error {}
class BadInput extends TypeError {}
class Named extends Error {
  override readonly name = 'ShopError'
}
class NoError {}

describe('errorName', () => {
  it.each([
    ['the class where no name is set', new OutOfStock(), 'OutOfStock'],
    ['the class of one that extends a built-in one', new BadInput(), 'BadInput'],
    ['the name that is set', new Named(), 'ShopError'],
    ['a built-in class', new RangeError(), 'RangeError'],
    ['the code of an Error', Object.assign(new Error(), { code: 'ENOENT' }), 'ENOENT'],
    ['a plain Error', new Error(), 'Error'],
    ['an object of a class', new NoError(), 'NoError'],
    ["no object's own name", { name: 'Jane' }, '_OTHER'],
    ['what looks like an error', { name: 'Refused', message: 'no' }, 'Refused'],
    ['a string', 'no', '_OTHER'],
    ['an object without a prototype', Object.create(null), '_OTHER'],
    [
      'what cannot be read',
      new Proxy(new Error(), {
        get: () => {
          throw new Error()
        },
      }),
      '_OTHER',
    ],
  ])('says %s', (_what, thrown, name) => {
    expect(errorName(thrown)).toBe(name)
  })
})

describe('rootCause', () => {
  it('goes four causes deep, and no deeper', () => {
    let cause: unknown = 'the source'
    const chain = Array.from({ length: 7 }, () => {
      cause = new TypeError('fetch failed', { cause })
      return cause
    }).reverse()
    expect(rootCause(chain[0])).toBe(chain[4])
    expect(rootCause(chain[4])).toBe(chain[6])
  })
})
