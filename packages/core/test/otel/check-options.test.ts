import { describe, expect, it } from '@jest/globals'
import { checkOptions, nearest, type OptionRules } from '../../src/otel/check-options.ts'
import { FLAG, inside, listOf, NAME, oneOf } from '../../src/otel/option-rules.ts'

interface Door {
  colour?: 'red' | 'blue'
  lock?: { code?: string; locked?: boolean }
  names?: readonly string[]
}

const rules: OptionRules<Door> = {
  colour: oneOf(['red', 'blue']),
  lock: inside({ code: { ...NAME, isSecret: true }, locked: FLAG }),
  names: listOf(NAME, 'names'),
}

const check = (options: unknown) => () => checkOptions('a door', options as Door, rules)

describe('checkOptions', () => {
  it.each([
    {},
    { colour: 'red', lock: { locked: true }, names: ['front'] },
    { colour: undefined, lock: undefined },
    { lock: {} },
    Object.create({ handle: 'inherited' }),
  ])('takes %j', (options) => {
    expect(check(options)).not.toThrow()
  })

  it.each([
    [{ colour: 'green' }, "callchain: colour of a door cannot be 'green'; allowed: 'red', 'blue'"],
    [{ lock: { locked: 'yes' } }, "lock.locked of a door cannot be 'yes'; allowed: true, false"],
    [{ lock: [] }, 'lock of a door cannot be []; allowed: an object'],
    [
      { names: ['', 'back'] },
      "names of a door cannot be [ '', 'back' ]; allowed: an array of names",
    ],
    [
      { color: 'red' },
      "a door has no option 'color'; did you mean 'colour'? Allowed: colour, lock",
    ],
    [{ lock: { cod: 'x' } }, "no option 'lock.cod'; did you mean 'lock.code'? Allowed: lock.code"],
    [{ constructor: 1 }, "a door has no option 'constructor'; allowed: colour, lock, names"],
    [null, 'the options of a door cannot be null; allowed: an object'],
    [Promise.resolve({}), 'the options of a door cannot be Promise {'],
    [new Map([['colour', 'red']]), 'the options of a door cannot be Map(1) '],
    [{ lock: Promise.resolve({}) }, 'lock of a door cannot be Promise {'],
    [{ lock: new Map() }, 'lock of a door cannot be Map(0) {}; allowed: an object'],
    ['red', "the options of a door cannot be 'red'; allowed: an object"],
  ])('refuses %j with a sentence', (options, message) => {
    expect(check(options)).toThrow(TypeError)
    expect(check(options)).toThrow(message)
  })

  it('does not repeat a value that may be a secret', () => {
    expect(check({ lock: { code: 1234 } })).toThrow(/^(?!.*1234).*lock\.code of a door/)
  })
})

describe('nearest', () => {
  it.each([
    ['traces', 'trace'],
    ['TRUST', 'trust'],
    ['recordsQuery', 'recordQuery'],
    ['nope', undefined],
  ])('%s is meant for %s', (name, near) => {
    expect(nearest(name, ['trace', 'trust', 'recordQuery'])).toBe(near)
  })
})
