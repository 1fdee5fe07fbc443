import { isIPv6 } from 'node:net'

/** The longest address in text: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const LONGEST = 45

/**
 * Whether an address can only be that of a machine in our own network: loopback, private (RFC 1918),
 * link-local, unique local (RFC 4193) or carrier-grade NAT (RFC 6598). IPv4-mapped IPv6 addresses
 * count by their IPv4 address, zone ids (`%eth0`) do not count. Text that is no address is not
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
  const groups = parseIPv6(withoutZone(address))
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
  if (text.length - start > 15) return undefined
  let value = 0
  let octets = 0
  let at = start
  while (octets < 4) {
    const end = endOfOctet(text, at)
    if (end === at) return undefined
    const octet = Number(text.slice(at, end))
    if (octet > 255) return undefined
    value = value * 256 + octet
    octets += 1
    at = end + 1
    if (octets < 4 && text[end] !== '.') return undefined
  }
  return at === text.length + 1 ? value : undefined
}

/** Where the digits that begin at `start` end: three at most, a lone one after a leading zero. */
function endOfOctet(text: string, start: number): number {
  const longest = text[start] === '0' ? 1 : 3
  let end = start
  while (end - start < longest) {
    const code = text.charCodeAt(end)
    if (!(code >= 48 && code <= 57)) break
    end += 1
  }
  return end
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

/** The eight groups of an IPv6 address without zone id; `undefined` when it is none. */
function parseIPv6(text: string): number[] | undefined {
  if (text.length > LONGEST || !isIPv6(text)) return undefined
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

function isInternalIPv6(groups: readonly number[]): boolean {
  const mapped = mappedIPv4(groups)
  if (mapped !== undefined) return isInternalIPv4(mapped)
  const first = groups[0] ?? 0
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80) return true
  return groups.every((group, index) => group === (index === 7 ? 1 : 0))
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
