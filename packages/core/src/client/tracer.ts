import { type Context, context, type Span, SpanKind } from '@opentelemetry/api'
import { scopeOf } from '../context/scope.ts'
import { URL_TEMPLATE } from '../http/attributes.ts'
import type { HttpClientRequest } from '../http/client-exchange.ts'
import { OTHER_METHOD } from '../http/known-methods.ts'
import { isForgotten } from '../otel/forgotten.ts'
import { guard, noteThrown } from '../otel/guard.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { createFormatSource, type HeaderFormat } from '../propagation/header-format.ts'
import { clientAttributes, targetAttributes } from './attributes.ts'
import { type ClientCall, StartedCall, silentCall } from './call.ts'
import type { ClientOptions } from './options.ts'
import { type ClientSettings, readClientSettings } from './settings.ts'
import { createTargetReader, type Target } from './target.ts'
import { isTracedAlready, writeHeaders } from './write-headers.ts'

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
  const readTarget = createTargetReader()
  return {
    send: (request) => {
      const known = format()
      const active = context.active()
      try {
        return send(settings, known, request, readTarget(request.url), active)
      } catch (error) {
        noteThrown('tracing', error)
        return silentCall(active)
      }
    },
    writeHeaders: (request, call) => {
      const target = readTarget(request.url)
      if (target === undefined) return
      if (call instanceof StartedCall && call.target.href !== target.href) {
        guard('following a redirect', () => move(settings, request, target, call))
      }
      writeHeaders(settings, format(), request, target.origin.host, call.context)
    },
  }
}

function send(
  settings: ClientSettings,
  format: HeaderFormat,
  request: HttpClientRequest,
  target: Target | undefined,
  active: Context,
): ClientCall {
  if (target === undefined || isTracingSuppressed(active) || isIgnored(settings, target)) {
    return silentCall(active)
  }
  if (isTracedAlready(request, active, format)) {
    writeHeaders(settings, format, request, target.origin.host, active)
    return silentCall(active)
  }
  const method = methodOf(settings, request)
  const span = isForgotten(settings.options.tracerProvider, active)
    ? settings.tracer().startSpan(spanName(method, undefined), FORGOTTEN, active)
    : startSpan(settings, request, target, { method, active })
  const call = new StartedCall(span, active, target, method, settings)
  writeHeaders(settings, format, request, target.origin.host, call.context)
  return call
}

const FORGOTTEN = { kind: SpanKind.CLIENT }

function isIgnored({ options: { ignore } }: ClientSettings, target: Target): boolean {
  // A hook gets a URL of its own: what goes where must not hang on what a hook does with it.
  return ignore !== undefined && guard('ignore', () => ignore(new URL(target.href))) === true
}

function startSpan(
  settings: ClientSettings,
  request: HttpClientRequest,
  target: Target,
  { method, active }: { readonly method: string; readonly active: Context },
): Span {
  const { attributes: own } = settings.options
  const template = templateOf(settings, request, target)
  const attributes = clientAttributes(settings, request, target, method, template)
  const scope = scopeOf(active)
  if (scope !== undefined) addIdentityAttributes(attributes, scope, 'other')
  if (own !== undefined)
    Object.assign(
      attributes,
      guard('attributes', () => own(new URL(target.href), request)),
    )
  const name = spanName(method, template)
  return settings.tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }, active)
}

function move(
  settings: ClientSettings,
  request: HttpClientRequest,
  target: Target,
  call: StartedCall,
): void {
  call.target = target
  call.span.setAttributes(targetAttributes(settings, target))
  if (settings.options.urlTemplate === undefined) return
  const template = templateOf(settings, request, target)
  if (template !== undefined) call.span.setAttribute(URL_TEMPLATE, template)
  call.span.updateName(spanName(methodOf(settings, request), template))
}

function methodOf({ knownMethods }: ClientSettings, { method }: HttpClientRequest): string {
  return knownMethods.has(method) ? method : OTHER_METHOD
}

function templateOf(
  { options: { urlTemplate } }: ClientSettings,
  request: HttpClientRequest,
  target: Target,
): string | undefined {
  const named: unknown =
    urlTemplate && guard('urlTemplate', () => urlTemplate(new URL(target.href), request))
  return typeof named === 'string' ? named : undefined
}

function spanName(method: string, template: string | undefined): string {
  const verb = method === OTHER_METHOD ? 'HTTP' : method
  return template === undefined ? verb : `${verb} ${template}`
}
