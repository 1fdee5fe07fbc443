import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { HttpError } from './errors.ts'

const LOOPBACK =
  /^(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|host\.docker\.internal)$/
const COOKIE = 'callchain_token'

/** True for a name or address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/.test(host)
}

/**
 * Refuses a request whose Host is not this machine: a page of a foreign domain that resolves to
 * 127.0.0.1 would otherwise count as same-origin (DNS rebinding).
 *
 * @throws HttpError 403, or 400 when it has several (RFC 9112, section 3.2)
 */
export function checkHost(request: IncomingMessage): void {
  const [host = '', another] = request.headersDistinct.host ?? []
  if (another !== undefined)
    throw new HttpError(400, 'A request must have exactly one Host header.')
  checkHostName(host)
}

/**
 * Refuses a host, with its port, that is not this machine.
 *
 * @throws HttpError 403
 */
export function checkHostName(host: string): void {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (LOOPBACK.test(name)) return
  throw new HttpError(403, `The Host "${name.slice(0, 100)}" is not an address of this machine.`)
}

/**
 * Refuses what the script of another page asks for.
 *
 * @throws HttpError 403
 */
export function checkSameOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  // Behind a proxy, the page itself may be on https.
  const own = [`http://${host ?? ''}`, `https://${host ?? ''}`]
  const isOwn = origin === undefined || own.includes(origin)
  if (isOwn && (site === undefined || site === 'same-origin' || site === 'none')) return
  throw new HttpError(403, 'Only the viewer’s own page may use this path.')
}

/** The origin that may send from a browser: any port of this machine; undefined for all others. */
export function allowedOrigin(origin: string | undefined): string | undefined {
  const isLocal = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/
  return origin !== undefined && isLocal.test(origin) ? origin : undefined
}

/** True when the request carries the token: as a bearer, or in the page's cookie. */
export function hasToken(
  { headers }: { readonly headers: IncomingHttpHeaders },
  token: string,
): boolean {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined && isSame(bearer, token)) return true
  const cookies = (headers.cookie ?? '').split(/;\s*/)
  const cookie = cookies.find((each) => each.startsWith(`${COOKIE}=`))
  return cookie !== undefined && isSame(cookie.slice(COOKIE.length + 1), encodeURIComponent(token))
}

/** The cookie that keeps the token for the page. */
export function tokenCookie(token: string): string {
  return `${COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`
}

/** Compares in a time that does not tell where two texts differ. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
