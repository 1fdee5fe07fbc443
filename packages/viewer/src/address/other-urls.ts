import { networkInterfaces } from 'node:os'
import { isEveryAddress, urlOf } from './host.ts'

const MAX_URLS = 5

/**
 * The URLs under which other machines may reach what listens on every address of this one, those of
 * IPv4 first; none for a host that is one address, since its own URL serves everyone.
 */
export function otherUrls(host: string, port: number): string[] {
  if (!isEveryAddress(host)) return []
  const outward = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    // A link-local address needs the name of an interface, which is another on each machine.
    .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
  const families = host === '0.0.0.0' ? ['IPv4'] : ['IPv4', 'IPv6']
  return families
    .flatMap((wanted) => outward.filter(({ family }) => family === wanted))
    .slice(0, MAX_URLS)
    .map(({ address }) => urlOf(address, port))
}
