import { describe, expect, it } from '@jest/globals'
import { declaredAlternative, matchCompiled, plainMount } from '../src/express4-pattern.ts'

const names = (...keys: (string | number)[]): { name: string | number }[] =>
  keys.map((name) => ({ name }))

// What Express 4.18 makes of paths; the other tests run on the newest Express 4, which differs.
describe('the pattern of a path that Express 4.18 has compiled', () => {
  it('is that of a mount with parameters', () => {
    const mount = /^\/orgs\/(?:([^/]+?))\/a\.b\/?(?=\/|$)/i
    expect(plainMount(mount, names('org'))).toBe('/orgs/:org/a.b')
  })

  it('is the one of several mounts that matched', () => {
    const mounts = /(?:^\/t1\/(?:([^/]+?))\/?(?=\/|$)|^\/t2\/?(?=\/|$))/i
    expect(plainMount(mounts, names('x'))).toBeUndefined()
    expect(matchCompiled(mounts, names('x'), '/T1/q/items')?.pattern).toBe('/t1/:x')
    expect(matchCompiled(mounts, names('x'), '/t2/items')?.pattern).toBe('/t2')
    expect(matchCompiled(mounts, names('x'), '/t3/items')).toBeUndefined()
  })

  it('is the one of several routes that matched', () => {
    const routes = /(?:^\/a1\/(?:([^/]+?))\/?$|^\/a2\/(?:([^/]+?))\/?$|^\/a[3-4]$)/i
    const declared = ['/a1/:id', ['/a2/:id', /^\/a[3-4]$/]]
    expect(declaredAlternative(routes, declared, '/a2/7')).toBe('/a2/:id')
    expect(declaredAlternative(routes, declared, '/a3')).toBe('/^\\/a[3-4]$/')
  })
})

describe('the pattern of a mount of Express 4 that is not plain', () => {
  it.each([
    ['an expression of its own', /^\/x(?:\/(\d+))\/?(?=\/|$)/i, '/x/7/items', '/x/:id'],
    ['an optional parameter that is there', /^\/x(?:\/([^/]+?))?\/?(?=\/|$)/i, '/x/7', '/x/:id'],
    ['an optional parameter that is not', /^\/x(?:\/([^/]+?))?\/?(?=\/|$)/i, '/x', '/x'],
  ])('tells a parameter with %s by its name', (_title, mount, path, pattern) => {
    expect(plainMount(mount, names('id'))).toBeUndefined()
    expect(matchCompiled(mount, names('id'), path)?.pattern).toBe(pattern)
  })

  it('never holds what only the request has', () => {
    const mount = /^\/ab+cd\/?(?=\/|$)/i
    expect(matchCompiled(mount, [], '/abbbcd/x')?.pattern).toBe(String(mount))
  })
})
