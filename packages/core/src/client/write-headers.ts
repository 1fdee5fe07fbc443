import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api'
import { KEPT_TRACES } from '../keep/kept-headers.ts'
import { traceKeeper } from '../keep/trace-keeper.ts'
import { noteThrown } from '../otel/guard.ts'
import type { HeaderFormat } from '../propagation/header-format.ts'
import {
  type OutgoingHeaders,
  removeTrace,
  writeBaggage,
  writeTrace,
} from '../propagation/outgoing-headers.ts'
import type { ClientSettings } from './settings.ts'

/** What decides which headers a host may have. */
export type HostSettings = Pick<ClientSettings, 'isInternal' | 'sendsTrace' | 'sendsIdentity'>

/** Writes the headers that a host may have, in place of what the application has set. */
export function writeHeaders(
  settings: HostSettings,
  format: HeaderFormat,
  request: OutgoingHeaders,
  host: string,
  within: Context,
): void {
  const trusted = settings.sendsIdentity(host)
  try {
    if (!settings.sendsTrace(host)) removeTrace(request, format.foreign)
    else if (format.trace) writeTrace(request, within, format.foreign, trusted)
  } catch (error) {
    noteThrown('propagation', error)
  }
  const rumours = traceKeeper()?.rumours()
  if (rumours !== undefined && settings.isInternal(host)) request.setHeader(KEPT_TRACES, rumours)
  // On its own: what a foreign propagator throws must not let baggage through.
  try {
    if (format.baggage) writeBaggage(request, within, host, trusted)
  } catch (error) {
    noteThrown('baggage', error)
  }
}

/** Whether another instrumentation has opened a CLIENT span and written it on this very request. */
export function isTracedAlready(
  request: Pick<OutgoingHeaders, 'header'>,
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
