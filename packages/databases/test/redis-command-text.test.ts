import { describe, expect, it } from '@jest/globals'
import { operationOf, textOf } from '../src/redis/command-text.ts'

const command = (text: string) => {
  const [name = '', ...args] = text.split(' ')
  return { name, args }
}

describe('a Redis command', () => {
  it.each([
    ['GET cart:7', 'GET cart:7'],
    ['set cart:7 secret EX 10', 'SET cart:7 ? ? ?'],
    ['GETSET k secret', 'GETSET k ?'],
    ['PSETEX k 10 secret', 'PSETEX k ? ?'],
    ['SETEX k 10 secret', 'SETEX k ? ?'],
    ['HSET k field secret', 'HSET k ? ?'],
    ['MGET a b c', 'MGET a b c'],
    ['MSET a secret b secret', 'MSET a ? b ?'],
    ['DEL a b', 'DEL a b'],
    ['LMOVE a b LEFT RIGHT', 'LMOVE a b ? ?'],
    ['ZADD k 1 secret', 'ZADD k ? ?'],
    ['GEOADD k 1 2 secret', 'GEOADD k ? ? ?'],
    ['EVAL secret 2 k1 k2 secret', 'EVAL ? 2 k1 k2 ?'],
    ['EVALSHA secret 0 secret', 'EVALSHA ? 0 ?'],
    ['EVAL secret many secret', 'EVAL ? ? ?'],
    ['EVAL secret 5 secret', 'EVAL ? ? ?'],
    ['ZUNION 2 secret', 'ZUNION ? ?'],
    ['ZUNION 2 a b WEIGHTS secret', 'ZUNION 2 a b ? ?'],
    ['CONFIG SET requirepass secret', 'CONFIG SET ? ?'],
    ['ACL SETUSER jane >secret', 'ACL SETUSER ? ?'],
    ['ACL >secret', 'ACL ?'],
    ['AUTH jane secret', 'AUTH ? ?'],
    ['HELLO 3 AUTH jane secret', 'HELLO ? ? ? ?'],
    ['MIGRATE host 1 k 0 1 AUTH secret', 'MIGRATE ? ? ? ? ? ? ?'],
    ['RESTORE k 0 secret', 'RESTORE k ? ?'],
    ['JSON.SET k $ secret', 'JSON.SET k ? ?'],
    ['PUBLISH channel secret', 'PUBLISH channel ?'],
    ['MY.COMMAND secret', 'MY.COMMAND ?'],
    ['PING', 'PING'],
  ])('%s is shown as %s', (given, shown) => {
    expect(textOf(command(given))).toBe(shown)
  })

  it('is named by its first word, and by the second where that belongs to it', () => {
    expect(operationOf(command('config set requirepass secret'))).toBe('CONFIG SET')
    expect(operationOf(command('get k'))).toBe('GET')
    expect(operationOf({ name: 'no "command', args: [] })).toBe('?')
  })

  it('is cut where it is long, and shows no key that is not text', () => {
    expect(textOf({ name: 'GET', args: ['k'.repeat(1000)] })).toHaveLength(261)
    expect(textOf({ name: 'GET', args: [Buffer.from('k')] })).toBe('GET ?')
    expect(
      textOf({ name: 'MGET', args: Array.from({ length: 100 }, (_, n) => String(n)) }),
    ).toMatch(/ 19 …$/)
  })
})

describe('a count of keys that the server does not take', () => {
  it.each(['1e0', '0x1', ' 1', '+1', '01', '1.0', '-1', '', 'nut'])('%j shows none', (count) => {
    for (const name of ['EVAL', 'EVALSHA_RO', 'FCALL']) {
      expect(textOf({ name, args: ['x', count, 'SECRET', 'SECRET'] })).toBe(`${name} ? ? ? ?`)
    }
    expect(textOf({ name: 'ZUNION', args: [count, 'SECRET'] })).toBe('ZUNION ? ?')
  })
})
