import { createHmac, timingSafeEqual } from 'node:crypto'

/** The longest time that a token may be good for, in seconds: one that leaks must not be good for ever. */
const MAX_SECONDS = 86_400
const TOKEN = /^(\d{1,12})\.([0-9a-f]{64})$/

/**
 * Makes the value of a `callchain-keep` header: a request that has it is kept whole, in every service
 * that has the same `keep.forceKey`. For a colleague of support, or a script that reproduces a fault.
 *
 * @param forceKey the secret of `keep.forceKey`
 * @param seconds how long the token is good for, a day at most. Default: 3600.
 * @throws TypeError when the number of seconds is not allowed
 * @example
 * ```ts
 * const token = createKeepToken(forceKey, 600)
 * await fetch(shop, { headers: { 'callchain-keep': token } })
 * ```
 */
export function createKeepToken(forceKey: string, seconds: number = 3600): string {
  if (!(Number.isInteger(seconds) && seconds > 0 && seconds <= MAX_SECONDS)) {
    throw new TypeError(
      `callchain: seconds of createKeepToken() cannot be ${seconds}; allowed: a whole number from 1 to ${MAX_SECONDS}`,
    )
  }
  const until = Math.floor(Date.now() / 1000) + seconds
  return `${until}.${sign(forceKey, String(until))}`
}

/** Whether somebody who knows the key made a token, and it is still good. */
export function isKeepToken(forceKey: string, token: string): boolean {
  const [, until, signature] = TOKEN.exec(token) ?? []
  if (until === undefined || signature === undefined) return false
  const left = Number(until) - Date.now() / 1000
  if (left <= 0 || left > MAX_SECONDS) return false
  return timingSafeEqual(Buffer.from(signature), Buffer.from(sign(forceKey, until)))
}

function sign(forceKey: string, until: string): string {
  return createHmac('sha256', forceKey).update(`callchain-keep ${until}`).digest('hex')
}
