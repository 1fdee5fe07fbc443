import { type Context, context, type Span, SpanKind, trace } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { URL_TEMPLATE } from '../http/attributes.ts'
import type { HttpClientRequest } from '../http/client-exchange.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import { guard } from '../otel/guard.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { createFormatSource, type HeaderFormat } from '../propagation/header-format.ts'
import { removeTrace, writeBaggage, writeTrace } from '../propagation/outgoing-headers.ts'
import { clientAttributes, hostOf, targetAttributes } from './attributes.ts'
import { type ClientCall, silentCall, startedCall } from './call.ts'
import type { ClientOptions } from './options.ts'
import { type ClientSettings, readClientSettings } from './settings.ts'

/** Sends requests. */
export interface ClientTracer {
  /**
   * Opens the CLIENT span of one attempt and writes the headers its host may have. Call it for each
   * hop: what may go to the first host may not go to the next.
   */
  send(request: HttpClientRequest): ClientCall
  /**
   * Writes the headers that the host of a request may have, once more, without a new span: for a
   * client that has changed an attempt since `send`. Where it goes elsewhere, the span says so.
   */
  writeHeaders(request: HttpClientRequest, call: ClientCall): void
}

/**
 * Makes the tracer that a client's wrapper hands its requests to. Throws a TypeError that names the
 * option, the value and what is allowed when an option is not allowed.
 *
 * @example
 * ```ts
 * const tracer = createClientTracer({ internalHosts: ['.acme.io'] })
 * const call = tracer.send(request) // opens the span and writes the headers
 * try {
 *   const { status } = await context.with(call.context, () => sendOverTheWire(request))
 *   call.receive({ statusCode: status })
 * } catch (error) {
 *   call.receive({ error })
 *   throw error
 * }
 * ```
 */
export function createClientTracer(options: ClientOptions = {}): ClientTracer {
  const settings = readClientSettings(options)
  const format = createFormatSource(options.propagator, options.tracerProvider)
  const readUrl = createUrlReader()
  return {
    send: (request) => {
      const known = format()
      const active = context.active()
      const traced = () => send(settings, known, request, readUrl(request.url), active)
      return guard('tracing', traced) ?? silentCall(active)
    },
    writeHeaders: (request, call) => {
      const url = readUrl(request.url)
      if (url === undefined) return
      if (call.url !== undefined && call.url.href !== url.href) {
        guard('following a redirect', () => move(settings, request, url, call))
      }
      writeHeaders(settings, format(), request, url, call.context)
    },
  }
}

// Only what goes over HTTP is traced: `data:` never leaves the process. Most calls go where the one
// before went, and each asks twice: the last answer is kept. Nobody changes it.
function createUrlReader(): (url: string) => URL | undefined {
  let text: string | undefined
  let last: URL | undefined
  return (url) => {
    if (url === text) return last
    const parsed = parseUrl(url)
    last = parsed?.protocol === 'http:' || parsed?.protocol === 'https:' ? parsed : undefined
    text = url
    return last
  }
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url)
  } catch {
    return undefined
  }
}

function send(
  settings: ClientSettings,
  format: HeaderFormat,
  request: HttpClientRequest,
  url: URL | undefined,
  active: Context,
): ClientCall {
  if (url === undefined || isTracingSuppressed(active) || isIgnored(settings, url)) {
    return silentCall(active)
  }
  if (isTracedAlready(request, active, format)) {
    writeHeaders(settings, format, request, url, active)
    return silentCall(active)
  }
  const method = methodOf(settings, request)
  const span = startSpan(settings, request, url, method, active)
  const within = trace.setSpan(active, span)
  writeHeaders(settings, format, request, url, within)
  return startedCall(span, within, url, method, settings.redactQuery)
}

function isIgnored({ options: { ignore } }: ClientSettings, url: URL): boolean {
  // A hook gets a URL of its own: what goes where must not hang on what a hook does with it.
  return ignore !== undefined && guard('ignore', () => ignore(new URL(url))) === true
}

function startSpan(
  settings: ClientSettings,
  request: HttpClientRequest,
  url: URL,
  method: string,
  active: Context,
): Span {
  const { attributes: own } = settings.options
  const template = templateOf(settings, request, url)
  const attributes = clientAttributes(settings, request, url, method, template)
  const scope = scopeOf(active)
  if (scope !== undefined) addIdentityAttributes(attributes, scope, 'other')
  if (own !== undefined)
    Object.assign(
      attributes,
      guard('attributes', () => own(new URL(url), request)),
    )
  const name = spanName(method, template)
  return settings.tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }, active)
}

function move(
  settings: ClientSettings,
  request: HttpClientRequest,
  url: URL,
  call: ClientCall,
): void {
  call.moveTo(url)
  call.span.setAttributes(targetAttributes(settings, url))
  if (settings.options.urlTemplate === undefined) return
  const template = templateOf(settings, request, url)
  if (template !== undefined) call.span.setAttribute(URL_TEMPLATE, template)
  call.span.updateName(spanName(methodOf(settings, request), template))
}

function methodOf({ knownMethods }: ClientSettings, { method }: HttpClientRequest): string {
  return knownMethods.has(method) ? method : OTHER_METHOD
}

function templateOf(
  { options: { urlTemplate } }: ClientSettings,
  request: HttpClientRequest,
  url: URL,
): string | undefined {
  const named: unknown =
    urlTemplate && guard('urlTemplate', () => urlTemplate(new URL(url), request))
  return typeof named === 'string' ? named : undefined
}

function spanName(method: string, template: string | undefined): string {
  const verb = method === OTHER_METHOD ? 'HTTP' : method
  return template === undefined ? verb : `${verb} ${template}`
}

function writeHeaders(
  settings: ClientSettings,
  format: HeaderFormat,
  request: HttpClientRequest,
  url: URL,
  within: Context,
): void {
  const host = hostOf(url)
  const trusted = settings.sendsIdentity(host)
  guard('propagation', () => {
    if (!settings.sendsTrace(host)) removeTrace(request, format.foreign)
    else if (format.trace) writeTrace(request, within, format.foreign, trusted)
  })
  // On its own: what a foreign propagator throws must not let baggage through.
  guard('baggage', () => {
    if (format.baggage) writeBaggage(request, within, host, trusted)
  })
}

/** Whether another instrumentation has opened a CLIENT span and written it on this very request. */
function isTracedAlready(
  request: HttpClientRequest,
  active: Context,
  format: HeaderFormat,
): boolean {
  const span = trace.getSpan(active)
  // A span of the SDK has a kind; the API's interface does not show it.
  if ((span as { kind?: unknown } | undefined)?.kind !== SpanKind.CLIENT) return false
  const { spanId } = (span as Span).spanContext()
  const names = ['traceparent', ...(format.foreign?.fields() ?? [])]
  return names.some((name) => request.header(name.toLowerCase())?.includes(spanId) === true)
}
