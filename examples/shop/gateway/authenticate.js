import { tenant, user } from '@callchain/core'
import { accountOf } from './accounts.js'

/**
 * Lets a known caller in and says who it is: this span, the log lines and every service behind the
 * gateway then carry the tenant and the user.
 * @type {import('express').RequestHandler}
 */
export function authenticate(request, response, next) {
  const account = accountOf(request.headers.authorization)
  if (!account) {
    response.status(401).json({ error: 'Send a known key: Authorization: Bearer ada-key' })
    return
  }
  tenant.set(account.tenant)
  user.set(account.user)
  next()
}
