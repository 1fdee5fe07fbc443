import assert from 'node:assert/strict'

/**
 * What a promise of a contract needs that not everybody who keeps the contract has. Throws where it is
 * missing, so that the promise is a gap that the tests must name.
 */
export function needed<T>(part: T | undefined, what: string): T {
  assert.ok(part !== undefined, `there is no ${what}`)
  return part
}
