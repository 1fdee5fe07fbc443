import { isIPv6 } from 'node:net'

/** The longest address in text: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const LONGEST = 45

/**
 * Whether an address can only be that of a machine in our own network: loopback, private (RFC 1918),
 * link-local, unique local (RFC 4193) or carrier-grade NAT (RFC 6598). IPv4-mapped IPv6 addresses
 * count by their IPv4 address, zone ids (`%eth0`) do not count. Text that is not an address is not
 * internal; `undefined` is: it stands for a Unix socket, whose other end runs on this machine. For an
 * address that there is but that cannot be known any more, pass `''`.
 */
export function isInternalAddress(address: string | undefined): boolean {
  if (address === undefined || address === '127.0.0.1' || address === '::1') return true
  if (!address.includes(':')) return isInternalIPv4(parseIPv4(address, 0))
  if (address.startsWith('::ffff:')) {
    const mapped = parseIPv4(address, 7)
    if (mapped !== undefined) return isInternalIPv4(mapped)
  }
  const bare = withoutZone(address)
  const first = Number.parseInt(bare, 16)
  if (first > 0) return isInternalPrefix(first) && isAddress(bare)
  const groups = parseIPv6(bare)
  return groups !== undefined && isInternalIPv6(groups)
}

/** An address as logs and spans show it: IPv4-mapped ones as IPv4, without a zone id; other text as it is. */
export function unmapAddress(address: string): string {
  if (!address.includes(':')) return address
  if (address.startsWith('::ffff:') && parseIPv4(address, 7) !== undefined) return address.slice(7)
  const bare = withoutZone(address)
  const groups = parseIPv6(bare)
  if (groups === undefined) return address
  const mapped = mappedIPv4(groups)
  return mapped === undefined ? bare : formatIPv4(mapped)
}

/** The address as a number; `undefined` unless it is four decimal octets without leading zeros. */
function parseIPv4(text: string, start: number): number | undefined {
  let value = 0
  let at = start
  for (let octets = 1; octets <= 4; octets += 1) {
    const octet = readOctet(text, at)
    if (octet < 0) return undefined
    value = value * 256 + octet
    at += octet < 10 ? 1 : octet < 100 ? 2 : 3
    if (octets < 4 && text.charCodeAt(at) !== 46) return undefined
    at += 1
  }
  return at === text.length + 1 ? value : undefined
}

/** The number at `start`, of as many digits as it needs; -1 when there is none or it is over 255. */
function readOctet(text: string, start: number): number {
  let octet = -1
  for (let at = start; at < start + 3 && octet !== 0; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) break
    octet = at === start ? digit : octet * 10 + digit
  }
  return octet > 255 ? -1 : octet
}

function isInternalIPv4(address: number | undefined): boolean {
  if (address === undefined) return false
  const first = address >>> 24
  const second = (address >>> 16) & 255
  if (first === 10 || first === 127) return true
  if (first === 192) return second === 168
  if (first === 172) return second >= 16 && second <= 31
  if (first === 169) return second === 254
  return first === 100 && second >= 64 && second <= 127
}

/** The eight groups of an IPv6 address without zone id; `undefined` when it is not one. */
function parseIPv6(text: string): number[] | undefined {
  if (!isAddress(text)) return undefined
  const gap = text.indexOf('::')
  if (gap < 0) return parseGroups(text)
  const head = parseGroups(text.slice(0, gap))
  const tail = parseGroups(text.slice(gap + 2))
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function parseGroups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    const ipv4 = group.includes('.') ? parseIPv4(group, 0) : undefined
    return ipv4 === undefined ? Number.parseInt(group, 16) : [ipv4 >>> 16, ipv4 & 0xffff]
  })
}

/** Unique local, `fc00::/7`, or link-local, `fe80::/10`, by the first of the eight groups. */
function isInternalPrefix(first: number): boolean {
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80
}

/** IPv4-mapped or loopback, where the first group is zero. */
function isInternalIPv6(groups: readonly number[]): boolean {
  const mapped = mappedIPv4(groups)
  if (mapped !== undefined) return isInternalIPv4(mapped)
  return groups.every((group, index) => group === (index === 7 ? 1 : 0))
}

function isAddress(text: string): boolean {
  return text.length <= LONGEST && isIPv6(text)
}

/** The IPv4 address within `::ffff:0:0/96` (RFC 4291, section 2.5.5.2). */
function mappedIPv4(groups: readonly number[]): number | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return undefined
  return (groups[6] ?? 0) * 65536 + (groups[7] ?? 0)
}

function formatIPv4(address: number): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.')
}

/** An empty zone id (`fe80::1%`) stays, so that the text does not pass for an address. */
function withoutZone(address: string): string {
  const at = address.indexOf('%')
  return at < 0 || at === address.length - 1 ? address : address.slice(0, at)
}
