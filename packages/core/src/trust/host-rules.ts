import { isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import { types } from 'node:util'
import type { OptionRule } from '../otel/check-options.ts'
import { isInternalAddress } from './ip-address.ts'

/**
 * Names our own hosts: `'api.acme.io'` is that host alone, `'.acme.io'` is every host below it but not
 * `acme.io` itself, and a function decides by the host's name in lower case.
 */
export type HostRule = string | ((hostname: string) => boolean)

/** Tells whether a host is meant; never throws. */
export type HostMatcher = (hostname: string) => boolean

const ALLOWED =
  "host names ('api.acme.io'), suffixes that begin with a dot ('.acme.io'), IP addresses, or synchronous functions (hostname) => boolean"

/** An option that is an array of host rules. */
export const HOST_RULES: OptionRule = {
  allowed: `an array of ${ALLOWED}`,
  holds: (value) => Array.isArray(value) && value.every(isHostRule),
}

function isHostRule(rule: unknown): boolean {
  if (typeof rule === 'function') return !types.isAsyncFunction(rule)
  return typeof rule === 'string' && hostName(rule.startsWith('.') ? rule.slice(1) : rule) !== ''
}

/**
 * Makes a matcher for the hosts that any of the rules names. Case, one final dot and the brackets of
 * an IPv6 address do not count. A function that throws, or returns anything but `true`, says no.
 * The rules are checked before, by `HOST_RULES`: one that is empty, or has a scheme, port, path or
 * wildcard, matches nothing.
 */
export function createHostMatcher(rules: readonly HostRule[]): HostMatcher {
  const names = new Set<string>()
  const suffixes: string[] = []
  const functions: ((hostname: string) => boolean)[] = []
  for (const rule of rules) {
    if (typeof rule === 'function') functions.push(rule)
    else if (rule.startsWith('.')) suffixes.push(`.${hostName(rule.slice(1))}`)
    else names.add(hostName(rule))
  }
  return (hostname) => {
    const name = normalise(hostname)
    if (name === '') return false
    if (names.has(name)) return true
    if (suffixes.some((suffix) => name.length > suffix.length && name.endsWith(suffix))) return true
    return functions.some((says) => saysYes(says, name))
  }
}

/**
 * Whether a host name, as a parsed URL has it, can only lead into our own network: loopback and
 * private addresses, names of a single label, and names under `.local`, `.localhost`, `.internal`,
 * `.svc`, `.cluster.local` and `.home.arpa`. Case, one final dot and the brackets of an IPv6 address
 * do not count. Never throws.
 */
export function isInternalHost(hostname: string): boolean {
  const name = normalise(hostname)
  if (name === '' || name.startsWith('.')) return false
  if (name.includes(':')) return isInternalAddress(name)
  const dot = name.lastIndexOf('.')
  const label = name.slice(dot + 1)
  if (isNumber(label)) return isInternalAddress(name)
  if (dot < 0) return true
  if (label === 'arpa') return name.endsWith('.home.arpa')
  return label === 'local' || label === 'localhost' || label === 'internal' || label === 'svc'
}

/** In lower case, without final dot and brackets; `''` for what a resolver may read as another name. */
function normalise(hostname: string): string {
  // NUL ends a name for the resolver, and `evil。example` has a dot to it.
  if (hostname.length > 255 || !/^[\w.:%[\]-]+$/.test(hostname)) return ''
  const name = hostname.toLowerCase()
  if (name.startsWith('[') && name.endsWith(']')) return name.slice(1, -1)
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/** A resolver reads `134744072` and `0x8080808` as IPv4 addresses. */
function isNumber(label: string): boolean {
  const first = label.charCodeAt(0)
  return first >= 48 && first <= 57 && /^(?:\d+|0x[\da-f]*)$/.test(label)
}

function saysYes(says: (hostname: string) => unknown, name: string): boolean {
  try {
    const answer = says(name)
    // A promise that nobody waits for would end the process when it rejects.
    if (types.isPromise(answer)) answer.catch(() => {})
    return answer === true
  } catch {
    return false
  }
}

/** A rule's name as the URL parser would write it; `''` for what is not a name. */
function hostName(text: string): string {
  const address = normalise(text)
  if (isIPv6(address) && !address.includes('%')) {
    return normalise(new URL(`http://[${address}]`).hostname)
  }
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  const isName = !/[\s:/\\?#@*%[\]]/.test(name) && name.split('.').every(Boolean)
  return isName ? normalise(domainToASCII(name)) : ''
}
