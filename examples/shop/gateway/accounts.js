const accounts = new Map([
  ['ada-key', { tenant: 'acme', user: 'ada' }],
  ['alan-key', { tenant: 'acme', user: 'alan' }],
  ['grace-key', { tenant: 'globex', user: 'grace' }],
])

/**
 * Whose key an `Authorization: Bearer <key>` header holds.
 * @param {string | undefined} authorization
 * @returns {{ tenant: string, user: string } | undefined} undefined: nobody's
 */
export function accountOf(authorization) {
  return accounts.get(authorization?.replace(/^Bearer /i, '') ?? '')
}
