import { isIP, isIPv6 } from 'node:net'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import { unmapAddress } from './ip-address.ts'

/** What proxies say in `Forwarded` (RFC 7239) and `X-Forwarded-*` about the request they passed on. */
export interface Forwarding {
  /**
   * Everyone the request came from, the caller first: each `for` of `Forwarded`, then each element of
   * `X-Forwarded-For`, without port, brackets and quotes. What a proxy hides (`_secret`, `unknown`)
   * stands here as that text, and an element without `for` as `unknown`, which is what it says.
   */
  readonly addresses: readonly string[]
  /** The scheme that the caller used, if it was said and is one of ours. */
  readonly scheme: 'http' | 'https' | undefined
  /** The host that the caller asked for, as it was written: `a.example:8080`. */
  readonly host: string | undefined
  /** The caller's address, if what stands in first place is one; IPv4-mapped ones as IPv4. */
  readonly clientAddress: string | undefined
}

/** A longer header is not a list of proxies. */
const MAX_LENGTH = 8192
const MAX_ELEMENTS = 64
const MAX_PARAMETERS = 256

/**
 * Reads the forwarding headers of a request. Where `Forwarded` and `X-Forwarded-*` are both there, the
 * addresses of both are listed, and for the caller's scheme, host and address `Forwarded` counts first.
 * Returns `undefined` when there is no such header, and `'malformed'` when one cannot be read or is
 * over 8,192 characters, or when there are over 64 elements or 256 parameters, empty ones included. Takes time linear in the headers' length
 * and never throws.
 */
export function parseForwarding(
  request: Pick<HttpServerRequest, 'header'>,
): Forwarding | 'malformed' | undefined {
  const forwarded = request.header('forwarded')
  const xFor = request.header('x-forwarded-for')
  const xProto = request.header('x-forwarded-proto')
  const xHost = request.header('x-forwarded-host')
  if ((forwarded ?? xFor ?? xProto ?? xHost) === undefined) return undefined
  if ([forwarded, xFor, xProto, xHost].some((header) => (header?.length ?? 0) > MAX_LENGTH)) {
    return 'malformed'
  }
  const elements = forwarded === undefined ? [] : parseForwarded(forwarded)
  const xAddresses = xFor === undefined ? [] : parseForwardedFor(xFor)
  if (elements === undefined || xAddresses === undefined) return 'malformed'
  if (elements.length + xAddresses.length > MAX_ELEMENTS) return 'malformed'
  const first = elements[0]
  return {
    addresses: [...elements.map((element) => element.get('for') ?? 'unknown'), ...xAddresses],
    scheme: toScheme(first?.get('proto') || firstOf(xProto)),
    host: first?.get('host') || firstOf(xHost),
    clientAddress: toAddress(first?.get('for') ?? xAddresses[0]),
  }
}

/** The elements of a `Forwarded` header, each by its parameters' lower-case names. */
function parseForwarded(text: string): Map<string, string>[] | undefined {
  const elements: Map<string, string>[] = []
  let element = new Map<string, string>()
  let parameters = 0
  for (let at = 0; at <= text.length; at += 1) {
    parameters += 1
    if (parameters > MAX_PARAMETERS) return undefined
    at = skipBlanks(text, at)
    if (!isSeparator(text[at])) {
      at = readParameter(text, at, element)
      if (!isSeparator(text[at])) return undefined
    }
    if (text[at] !== ';' && element.size > 0) {
      elements.push(element)
      element = new Map()
    }
  }
  return elements.length > 0 ? elements : undefined
}

/** Reads `name=value` into the element. Returns where it ended, or where it broke the syntax. */
function readParameter(text: string, start: number, element: Map<string, string>): number {
  const equals = endOf(isTokenCharacter, text, start)
  const name = text.slice(start, equals).toLowerCase()
  if (name === '' || text[equals] !== '=' || element.has(name)) return start
  const end = endOfValue(text, equals + 1)
  const value = unquote(text.slice(equals + 1, end))
  const meant = name === 'for' && value !== undefined ? nodeName(value) : value
  if (meant === undefined) return start
  element.set(name, meant)
  return skipBlanks(text, end)
}

/** Proxies in the field leave out the quotes that RFC 7239 wants around ports and IPv6 addresses. */
function endOfValue(text: string, start: number): number {
  if (text[start] !== '"') return endOf(isBareCharacter, text, start)
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** The text that a token or a quoted string stands for; `undefined` when the quotes do not match. */
function unquote(value: string): string | undefined {
  if (value[0] !== '"') return value === '' || value.includes('"') ? undefined : value
  let text = ''
  for (let at = 1; at < value.length; at += 1) {
    if (value[at] === '"') return at === value.length - 1 ? text : undefined
    if (value[at] === '\\') at += 1
    text += value[at] ?? ''
  }
  return undefined
}

function parseForwardedFor(text: string): string[] | undefined {
  const names: string[] = []
  const elements = text.split(',', MAX_ELEMENTS + 1)
  if (elements.length > MAX_ELEMENTS) return undefined
  for (const element of elements) {
    const node = element.trim()
    if (node === '') continue
    const value = unquote(node)
    const name = value === undefined ? undefined : nodeName(value)
    if (name === undefined) return undefined
    names.push(name)
  }
  return names.length > 0 ? names : undefined
}

/** A node (RFC 7239, section 6) without port and brackets; IPv6 is also read without brackets. */
function nodeName(node: string): string | undefined {
  if (node[0] === '[') {
    const end = node.indexOf(']')
    const address = node.slice(1, end)
    return end > 0 && isIPv6(address) && isPortOrNothing(node, end + 1) ? address : undefined
  }
  const colon = node.indexOf(':')
  if (colon < 0 || node.includes(':', colon + 1)) return node === '' ? undefined : node
  return colon > 0 && isPortOrNothing(node, colon) ? node.slice(0, colon) : undefined
}

/** Whether `:8080`, the hidden `:_port` or nothing at all stands from `start` on. */
function isPortOrNothing(node: string, start: number): boolean {
  if (start === node.length) return true
  if (node[start] !== ':' || start + 1 === node.length) return false
  const accepts = node[start + 1] === '_' ? isTokenCharacter : isDigit
  return endOf(accepts, node, start + 1) === node.length
}

function firstOf(list: string | undefined): string | undefined {
  return list?.split(',', 1)[0]?.trim() || undefined
}

function toScheme(text: string | undefined): 'http' | 'https' | undefined {
  const scheme = text?.toLowerCase()
  return scheme === 'http' || scheme === 'https' ? scheme : undefined
}

function toAddress(name: string | undefined): string | undefined {
  const address = name === undefined ? '' : unmapAddress(name)
  return isIP(address) === 0 ? undefined : address
}

function skipBlanks(text: string, start: number): number {
  return endOf((code) => code === 32 || code === 9, text, start)
}

function endOf(accepts: (code: number) => boolean, text: string, start: number): number {
  let at = start
  while (at < text.length && accepts(text.charCodeAt(at))) at += 1
  return at
}

function isSeparator(character: string | undefined): boolean {
  return character === undefined || character === ',' || character === ';'
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isTokenCharacter(code: number): boolean {
  if (isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return true
  return code < 127 && "!#$%&'*+-.^_`|~".includes(String.fromCharCode(code))
}

function isBareCharacter(code: number): boolean {
  return isTokenCharacter(code) || code === 58 || code === 91 || code === 93
}
