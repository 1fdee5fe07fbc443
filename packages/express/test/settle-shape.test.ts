import { setFlagsFromString } from 'node:v8'
import { expect, test } from '@jest/globals'
import { settleShape } from '../src/settle-shape.ts'

setFlagsFromString('--allow-natives-syntax')
const hasFastProperties = new Function('object', 'return %HasFastProperties(object)')
setFlagsFromString('--no-allow-natives-syntax')

const needsIt = Number.parseInt(process.versions.node, 10) < 24

test('nothing is left on what is settled, and its keys keep their order', () => {
  const prototype = { inherited: true }
  const object = Object.assign(Object.create(prototype), { one: 1, two: 2 })
  settleShape(object)
  expect(Reflect.ownKeys(object)).toEqual(['one', 'two'])
  expect(Object.getPrototypeOf(object)).toBe(prototype)
  expect(object).toMatchObject({ one: 1, two: 2 })
})

test('its properties are kept in a table where Node gives each request a hidden class of its own', () => {
  const object = { one: 1, two: 2 }
  settleShape(object)
  expect(hasFastProperties(object)).toBe(!needsIt)
})

test.each([
  ['frozen', Object.freeze({ one: 1 })],
  ['not extensible', Object.preventExtensions({ one: 1 })],
])('an object that is %s stays as it is', (_, object) => {
  settleShape(object)
  expect(Reflect.ownKeys(object)).toEqual(['one'])
})
