import { describe, expect, it } from '@jest/globals'
import { splitTarget } from '../../src/http/request-target.ts'

describe('splitTarget', () => {
  it.each([
    ['/', '/', undefined, undefined],
    ['/a/b?x=1', '/a/b', 'x=1', undefined],
    ['/a?', '/a', '', undefined],
    ['/a?b?c', '/a', 'b?c', undefined],
    ['//evil/users/42', '//evil/users/42', undefined, undefined],
    ['//', '//', undefined, undefined],
    ['*', '*', undefined, undefined],
    ['/%zz', '/%zz', undefined, undefined],
    ['/a?u=http://x/y', '/a', 'u=http://x/y', undefined],
    ['http://a.example/p?q', '/p', 'q', 'a.example'],
    ['http://a.example', '/', undefined, 'a.example'],
    ['http://[::1]:8080/p', '/p', undefined, '[::1]:8080'],
    ['', '', undefined, undefined],
  ])('%s', (target, path, query, authority) => {
    expect(splitTarget(target)).toEqual({ path, query, authority })
  })
})
