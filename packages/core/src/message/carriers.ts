import {
  type Context,
  propagation,
  type SpanContext,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api'
import { type Scope, scopeOf } from '../context/scope.ts'
import { count } from '../otel/counters.ts'
import { noteThrown } from '../otel/guard.ts'
import { isValidContext } from '../otel/valid-span-context.ts'
import { messageMembers } from '../propagation/baggage-identity.ts'
import { isSameForCalls, keepBaggage, keptBaggage } from '../propagation/kept-baggage.ts'
import { traceparentOf, tracestateOf } from '../propagation/outgoing-headers.ts'
import { addUndeclared } from '../propagation/undeclared-baggage.ts'
import { formatBaggage } from '../w3c/baggage.ts'
import type { MessageSending, SentMessage } from './exchange.ts'
import type { MessageSettings } from './settings.ts'

// A stored message pays for it as long as it is kept.
const MAX_BAGGAGE_BYTES = 1024

/**
 * Writes trace and identity into every message of a call, as far as it has room: the trace first,
 * then baggage, then tracestate. `carriesTrace` is false where the messages keep a trace that the
 * application has put in.
 */
export function writeCarriers(
  settings: MessageSettings,
  sending: MessageSending,
  within: Context,
  carriesTrace: boolean,
): void {
  const { foreign, trace: writesTrace, baggage: writesBaggage } = settings.format()
  const spanContext = trace.getSpanContext(within)
  const isTraced =
    carriesTrace &&
    settings.sendsTrace &&
    writesTrace &&
    spanContext !== undefined &&
    isValidContext(spanContext)
  const scope = scopeOf(within)
  const traceHeaders = isTraced ? headersOf(spanContext, scope) : undefined
  const baggageOf = createBaggageSource(settings, sending, within, scope)
  for (const message of sending.messages) {
    // Each on its own: what one message's library throws must not keep the next from its headers.
    try {
      if (traceHeaders !== undefined && foreign === undefined) {
        put(message, 'traceparent', traceHeaders.traceparent, sending)
      }
      if (writesBaggage) putBaggage(message, baggageOf(message), sending)
      if (traceHeaders === undefined) continue
      if (foreign !== undefined) injectForeign(foreign, within, message, sending)
      else putOrRemove(message, 'tracestate', traceHeaders.tracestate, sending)
    } catch (error) {
      noteThrown('propagation', error)
    }
  }
}

interface TraceHeaders {
  readonly traceparent: string
  readonly tracestate: string | undefined
}

function headersOf(spanContext: SpanContext, scope: Scope | undefined): TraceHeaders {
  return {
    traceparent: traceparentOf(spanContext, scope),
    tracestate: tracestateOf(spanContext),
  }
}

// Most messages have no baggage of their own: then one text does for all of a call, and of a request.
function createBaggageSource(
  { sendsIdentity }: MessageSettings,
  { serverAddress = '' }: MessageSending,
  within: Context,
  scope: Scope | undefined,
): (message: SentMessage) => string | undefined {
  if (!sendsIdentity) return () => undefined
  const format = (own: string | undefined): string | undefined => {
    const members = scope === undefined ? [] : messageMembers(scope, serverAddress)
    addUndeclared(members, own, within, scope)
    return formatBaggage(members, MAX_BAGGAGE_BYTES)
  }
  let common: { readonly header: string | undefined } | undefined
  return (message) => {
    const own = message.header('baggage')
    if (own !== undefined) return format(own)
    common ??= commonBaggage(within, scope, format)
    return common.header
  }
}

function commonBaggage(
  within: Context,
  scope: Scope | undefined,
  format: (own: undefined) => string | undefined,
): { readonly header: string | undefined } {
  const recurs = scope !== undefined && isSameForCalls(undefined, within, scope)
  const kept = recurs ? keptBaggage(scope, 'outgoingMessages') : undefined
  if (kept !== undefined) return kept
  const header = format(undefined)
  if (recurs) keepBaggage(scope, header, 'outgoingMessages')
  return { header }
}

function putBaggage(
  message: SentMessage,
  header: string | undefined,
  sending: MessageSending,
): void {
  putOrRemove(message, 'baggage', header, sending)
}

function putOrRemove(
  message: SentMessage,
  name: string,
  value: string | undefined,
  sending: MessageSending,
): void {
  if (value !== undefined) put(message, name, value, sending)
  else if (message.header(name) !== undefined) message.removeHeader(name)
}

function put(message: SentMessage, name: string, value: string, { system }: MessageSending): void {
  if (message.setHeader(name, value)) return
  // Better none than one of another trace, or of somebody else.
  if (message.header(name) !== undefined) message.removeHeader(name)
  count('callchain.propagation.dropped', 1, { 'messaging.system': system, header: name })
}

function injectForeign(
  propagator: TextMapPropagator,
  within: Context,
  message: SentMessage,
  sending: MessageSending,
): void {
  const setter: TextMapSetter<SentMessage> = {
    set: (to, name, value) => {
      // Baggage is ours alone.
      if (name.toLowerCase() !== 'baggage') put(to, name, value, sending)
    },
  }
  message.removeHeader('traceparent')
  message.removeHeader('tracestate')
  propagator.inject(propagation.deleteBaggage(within), message, setter)
}
