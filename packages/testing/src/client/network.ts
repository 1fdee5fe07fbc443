import dns from 'node:dns'
import tls from 'node:tls'

/** A name that is not internal, but leads to this machine. */
export const FOREIGN_HOST = 'shop.example.com'
const MISSING_HOST = 'missing.example.com'

type AnyFunction = (...args: unknown[]) => unknown

/**
 * No name outside can be served here, nor be asked for: the one lookup that every client ends at is
 * told otherwise. Returns what takes that back.
 */
export function leadNamesHere(): () => void {
  const { lookup } = dns
  const here = (host: string, ...rest: unknown[]): unknown => {
    if (host !== MISSING_HOST) {
      return (lookup as AnyFunction)(host === FOREIGN_HOST ? '127.0.0.1' : host, ...rest)
    }
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: host,
    })
    return process.nextTick(rest.at(-1) as AnyFunction, error)
  }
  dns.lookup = here as typeof lookup
  return () => {
    dns.lookup = lookup
  }
}

/** Makes every client trust a certificate, whatever its own option for that is. Returns a function that undoes it. */
export function trust(ca: string): () => void {
  const { connect } = tls
  const trusting = (...args: unknown[]): unknown =>
    (connect as AnyFunction)(...args.map((arg) => (isOptions(arg) ? { ...arg, ca } : arg)))
  tls.connect = trusting as typeof connect
  return () => {
    tls.connect = connect
  }
}

function isOptions(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
