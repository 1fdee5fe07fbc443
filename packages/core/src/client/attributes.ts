import type { Attributes } from '@opentelemetry/api'
import * as key from '../http/attributes.ts'
import type { HttpClientRequest } from '../http/client-exchange.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import { REDACTED } from '../http/url-redaction.ts'
import type { ClientSettings } from './settings.ts'

/** The attributes a CLIENT span begins with (HTTP conventions, "HTTP client span"). */
export function clientAttributes(
  settings: ClientSettings,
  request: HttpClientRequest,
  url: URL,
  method: string,
  template: string | undefined,
): Attributes {
  const attributes: Attributes = {
    [key.HTTP_REQUEST_METHOD]: method,
    [key.URL_FULL]: fullUrl(url, settings),
    [key.SERVER_ADDRESS]: hostOf(url),
    [key.SERVER_PORT]: portOf(url),
  }
  if (method === OTHER_METHOD) attributes[key.HTTP_REQUEST_METHOD_ORIGINAL] = request.method
  if (template !== undefined) attributes[key.URL_TEMPLATE] = template
  const { resendCount } = request
  if (resendCount !== undefined && resendCount > 0) {
    attributes[key.HTTP_REQUEST_RESEND_COUNT] = resendCount
  }
  return attributes
}

/** Where an attempt goes. */
export function targetAttributes(settings: ClientSettings, url: URL): Attributes {
  return {
    [key.URL_FULL]: fullUrl(url, settings),
    [key.SERVER_ADDRESS]: hostOf(url),
    [key.SERVER_PORT]: portOf(url),
  }
}

/** The host of a URL as rules and attributes have it: without the brackets of IPv6. */
export function hostOf(url: URL): string {
  const { hostname } = url
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

// Credentials and secret parameters are struck out; a fragment never leaves a client.
function fullUrl(url: URL, settings: ClientSettings): string {
  // Most URLs may be shown as they are.
  const { href } = url
  if (!/[?#@]/.test(href)) return href
  const credentials = url.username !== '' || url.password !== '' ? `${REDACTED}:${REDACTED}@` : ''
  const query = url.search === '' ? '' : `?${settings.redactQuery(url.search.slice(1))}`
  return `${url.protocol}//${credentials}${url.host}${url.pathname}${query}`
}
