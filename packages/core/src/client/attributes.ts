import type { Attributes } from '@opentelemetry/api'
import * as key from '../http/attributes.ts'
import type { HttpClientRequest } from '../http/client-exchange.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import { REDACTED } from '../http/url-redaction.ts'
import type { ClientSettings } from './settings.ts'
import type { Target } from './target.ts'

/** The attributes a CLIENT span begins with (HTTP conventions, "HTTP client span"). */
export function clientAttributes(
  settings: ClientSettings,
  request: HttpClientRequest,
  target: Target,
  method: string,
  template: string | undefined,
): Attributes {
  const attributes: Attributes = {
    [key.HTTP_REQUEST_METHOD]: method,
    [key.URL_FULL]: fullUrl(target, settings),
    [key.SERVER_ADDRESS]: target.origin.host,
    [key.SERVER_PORT]: target.origin.port,
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
export function targetAttributes(settings: ClientSettings, target: Target): Attributes {
  return {
    [key.URL_FULL]: fullUrl(target, settings),
    [key.SERVER_ADDRESS]: target.origin.host,
    [key.SERVER_PORT]: target.origin.port,
  }
}

// Credentials and secret parameters are struck out; a fragment never leaves a client.
function fullUrl(target: Target, settings: ClientSettings): string {
  // Most URLs may be shown as they are.
  const { href } = target
  if (!/[?#@]/.test(href)) return href
  const { url } = target
  const credentials = url.username !== '' || url.password !== '' ? `${REDACTED}:${REDACTED}@` : ''
  const query = url.search === '' ? '' : `?${settings.redactQuery(url.search.slice(1))}`
  return `${url.protocol}//${credentials}${url.host}${url.pathname}${query}`
}
